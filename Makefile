# What a newcomer and the gate type. The work is done by scripts/.

export DRYDOCK_CORE_ONLY ?= 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo build test soak zoo mutants lint format bench-quick clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Check for Swift, libyaml and a C compiler; install what is missing
	@scripts/setup

demo: build ## Build, then watch a controller leak a GPU and a better one keep it
	@scripts/demo

build: setup ## Build the release binary, without the server (DRYDOCK_CORE_ONLY=0: with it)
	swift build -c release --static-swift-stdlib --product drydock

# With the server; the value on the command line wins.
test: DRYDOCK_CORE_ONLY = 0
test: setup ## Lint, build with the server, test twice, try real clients, check determinism
	@scripts/test

soak: setup ## Run the long tests on optimised code
	@scripts/soak

zoo: build ## Find all bugs of manifests/zoo, try their cures, and write its table (ZOO="--seeds 3 P1": a part)
	@scripts/zoo $(ZOO)

mutants: setup ## Break every fault and oracle by one line, and see a test fail (MUTANTS="leak pause": a part)
	@scripts/mutants $(MUTANTS)

lint: setup ## Check the format of the Swift sources
	@scripts/lint

format: setup ## Rewrite the Swift sources in the house format
	@scripts/lint --fix

bench-quick: setup ## Run the benchmarks briefly
	swift run -c release --package-path Benchmarks drydock-bench --quick

clean: ## Remove what builds leave behind
	rm -rf .build .build-soak .build-mutants Benchmarks/.build
