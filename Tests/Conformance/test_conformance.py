"""Questions and what a Kubernetes API server answers, side by side with what Drydock's does.

The files beside this one hold them; CONFORMANCE.md in the same folder says how they are read. Whatever serves the API can
be asked: with CONFORMANCE_URL nothing is started and that server is asked instead, a real kube-apiserver as well.
"""

import concurrent.futures
import http.client
import itertools
import json
import os
import pathlib
import re
import string
import subprocess
import tempfile
import unittest
import urllib.parse

FOLDER = pathlib.Path(__file__).resolve().parent
DRYDOCK = os.path.abspath(os.environ.get("DRYDOCK", FOLDER.parents[1] / ".build/debug/drydock"))
URL = os.environ.get("CONFORMANCE_URL")

STEP = re.compile(r'\.([A-Za-z0-9_$-]+)|\[(\d+)\]|\["([^"]*)"\]|(\[\*\])')
ASSERTION = re.compile(r"(\S*?) (=|~|!=|#|has|as|missing|present)(?: (.*))?")
NOTHING = object()


class Case:
    """One question with what is expected of its answer."""

    def __init__(self, place, lines):
        self.place = place
        self.method, self.path = lines[0].split(" ", 1)
        self.headers, self.body, self.expected = {}, [], []
        self.status = None
        for line in lines[1:]:
            if line.startswith("> "):
                name, value = line[2:].split(": ", 1)
                self.headers[name] = value
            elif line.startswith("| "):
                self.body.append(line[2:])
            elif line.startswith("=> "):
                self.status = int(line[3:])
            else:
                self.expected.append(line)
        assert self.status, f"{place}: no status is expected"


def groups():
    """The groups of all files: a name, and its cases in order."""
    for file in sorted(FOLDER.glob("*.txt")):
        name, cases, lines, start = file.stem, [], [], 0
        for number, line in enumerate([*file.read_text().splitlines(), "", "## end"], 1):
            if line.startswith("## "):
                if cases:
                    yield f"{file.stem}: {name}", cases
                name, cases = line[3:], []
            elif line.startswith("#"):
                continue
            elif line:
                if not lines:
                    start = number
                lines.append(line)
            elif lines:
                cases.append(Case(f"{file.name}:{start}", lines))
                lines = []


def reach(value, path):
    """What stands at a path; NOTHING where nothing does."""
    values, is_many, position = [value], False, 0
    while position < len(path):
        step = STEP.match(path, position)
        assert step, f"not a path: {path}"
        position = step.end()
        key = step[1] or step[3]
        if step[4]:
            is_many = True
            values = list(itertools.chain.from_iterable(v for v in values if isinstance(v, list)))
        elif key is not None:
            values = [v.get(key, NOTHING) if isinstance(v, dict) else NOTHING for v in values]
        else:
            place = int(step[2])
            values = [v[place] if isinstance(v, list) and place < len(v) else NOTHING for v in values]
    return values if is_many else values[0]


class Group:
    """A group's cases, asked one behind the other over one connection, in a namespace of their own."""

    def __init__(self, address, number, cases):
        self.address, self.cases = address, cases
        self.known = {"ns": f"conformance-{number}", "node": f"node-{number}"}
        self.failures, self.count = [], 0

    def run(self):
        self.connection = http.client.HTTPConnection(self.address, timeout=20)
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.known["ns"]}}
        self.connection.request("POST", "/api/v1/namespaces", json.dumps(namespace))
        self.connection.getresponse().read()
        for case in self.cases:
            try:
                self.ask(case)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong belongs to this case
                self.fail(case, f"{type(error).__name__}: {error}")
                self.connection.close()
        self.connection.close()
        return self

    def fill(self, text):
        return string.Template(text).safe_substitute(self.known)

    def fail(self, case, text):
        self.failures.append(f"{case.place} {case.method} {self.fill(case.path)}: {text}")

    def ask(self, case):
        path, body = self.fill(case.path), self.fill("\n".join(case.body))
        if body.startswith("hex "):
            body = bytes.fromhex(body[4:].replace("\n", " "))
        self.connection.putrequest(case.method, path, skip_accept_encoding=True)
        for name, value in case.headers.items():
            self.connection.putheader(name, value)
        body = body if isinstance(body, bytes) else body.encode()
        if body or case.method in ("POST", "PUT", "PATCH"):
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body)
        answer = self.connection.getresponse()
        raw = answer.read()
        self.count += 1
        if answer.status != case.status:
            self.fail(case, f"{answer.status}, not {case.status}: {raw[:300].decode(errors='replace')}")
        is_watch = "watch" in urllib.parse.parse_qs(urllib.parse.urlsplit(path).query, keep_blank_values=True)
        try:
            value = [json.loads(line) for line in raw.splitlines()] if is_watch else json.loads(raw)
        except ValueError:
            value = NOTHING
        for line in case.expected:
            self.count += 1
            self.check(case, line, answer, raw.decode(errors="replace"), value)

    def check(self, case, line, answer, text, value):
        if line.startswith("< "):
            name, expected = line[2:].split(": ", 1)
            if not re.fullmatch(self.fill(expected), answer.headers.get(name, "")):
                self.fail(case, f"{line}: it is {answer.headers.get(name)!r}")
            return
        parts = ASSERTION.fullmatch(line)
        assert parts, f"not an assertion: {line}"
        path, operator, operand = parts[1], parts[2], self.fill(parts[3] or "")
        found = text if path == "text" else reach(value, path)
        if operator == "as":
            self.known[operand] = found
            holds = found is not NOTHING
        elif operator in ("missing", "present"):
            holds = (found is NOTHING) == (operator == "missing")
        elif found is NOTHING:
            holds = False
        elif operator == "~":
            holds = isinstance(found, str) and re.search(operand, found) is not None
        elif operator == "#":
            holds = len(found) == int(operand)
        elif operator == "has":
            holds = json.loads(operand) in found
        else:
            holds = (found == json.loads(operand)) == (operator == "=")
        if not holds:
            shown = "nothing" if found is NOTHING else json.dumps(found)[:300]
            self.fail(case, f"{line}: it is {shown}")


class Conformance(unittest.TestCase):
    def test_side_by_side(self):
        with tempfile.TemporaryDirectory() as home:
            address, process = urllib.parse.urlsplit(URL or "").netloc, None
            if not address:
                process = subprocess.Popen(
                    [DRYDOCK, "serve", "--port", "0", "--kubeconfig", "none"], stdout=subprocess.PIPE, text=True, cwd=home)
                self.addCleanup(process.stdout.close)
                self.addCleanup(process.wait)
                self.addCleanup(process.terminate)
                address = process.stdout.readline().rsplit("/", 1)[-1].strip()
            named = list(groups())
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                done = list(pool.map(
                    lambda entry: Group(address, entry[0], entry[1][1]).run(), enumerate(named)))
        count = sum(group.count for group in done)
        failures = [failure for group in done for failure in group.failures]
        print(f"conformance: {count - len(failures)} of {count} assertions hold")
        self.assertFalse(failures, "\n".join(["", *failures]))
        self.assertGreater(count, 500)


if __name__ == "__main__":
    unittest.main()
