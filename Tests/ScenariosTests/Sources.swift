import Scenarios
import YAMLCoding

/// A scenario that uses every field there is.
let wholeScenario = """
  apiVersion: drydock.dev/v1alpha1
  kind: Scenario
  metadata:
    name: whole
  spec:
    description: Everything that a scenario can say.
    include: [pools/gpus.yaml]
    processes:
    - name: binder
      controllers:
      - use: naive-binding
        workers: 3
      informerLag: 1s
      restartAfter: 2s
      replicas: 2
    workload:
    - apply:
        apiVersion: drydock.dev/v1alpha1
        kind: DeviceBinding
        metadata: {name: train}
        spec: {pool: gpus}
    - patch: {kind: DeviceBinding, name: train, merge: {spec: {count: 2}}}
      when: after 5s
    - delete: {kind: DeviceBinding, namespace: default, name: train}
      when: settled
    - look:
    faults:
      allow: [crash, lost-reply]
      budget: 2
      odds: 10
      script:
      - {fault: conflict, operation: update, object: default/train, process: binder-1, occurrence: 2}
    limits: {virtualTime: 1h, decisions: 1000}
  ---
  apiVersion: drydock.dev/v1alpha1
  kind: DeviceBinding
  metadata: {name: first}
  spec: {pool: gpus}

  """

let includedPool = """
  apiVersion: drydock.dev/v1alpha1
  kind: Pool
  metadata: {name: gpus}
  spec: {type: gpu, count: 4}

  """

/// A trace that uses every field there is.
let wholeTrace = """
  apiVersion: drydock.dev/v1alpha1
  kind: Trace
  spec:
    scenario: whole.yaml
    digest: 00000000000000ff
    seed: "7"
    deviations:
    - at: 'p0/c update for default/a #1'
      take: p0/c update for default/a !lost-reply
    verdict: leak
    sentence: 'Something leaked: it is gone.'
    decisions: 12
    hash: ffffffffffffffff

  """

/// Reads a scenario from texts instead of files.
func read(
  _ text: String, _ files: [String: String] = ["in/pools/gpus.yaml": includedPool]
) throws(SourceDiagnostic) -> Scenario {
  try ScenarioReader().scenario(at: "in/test.yaml") { path throws(SourceDiagnostic) in
    if path == "in/test.yaml" { return Array(text.utf8) }
    guard let file = files[path] else {
      throw SourceDiagnostic("cannot read \(path): No such file or directory")
    }
    return Array(file.utf8)
  }
}
