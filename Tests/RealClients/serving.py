"""Starts a server for tests, and runs kubectl against it."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".build-tools"
DRYDOCK = os.environ.get("DRYDOCK", str(ROOT / ".build/debug/drydock"))


class Server:
    """A `drydock serve` on a free port, with a kubeconfig and a home of its own."""

    def __init__(self, *arguments):
        self.home = tempfile.TemporaryDirectory()
        self.kubeconfig = os.path.join(self.home.name, "kubeconfig")
        self.environment = {
            "HOME": self.home.name, "KUBECONFIG": self.kubeconfig, "PATH": os.environ["PATH"],
            "NO_PROXY": "127.0.0.1,localhost",
        }
        self.start(*arguments)

    def start(self, *arguments, port=0):
        self.process = subprocess.Popen(
            [DRYDOCK, "serve", "--port", str(port), "--kubeconfig", self.kubeconfig, *arguments],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.url = line.split()[-1] if line else None
        if not self.url:
            raise RuntimeError("the server did not start")
        self.port = int(self.url.rsplit(":", 1)[1])

    @staticmethod
    def fails(*arguments):
        """The exit code of a server that does not start, and what it says."""
        result = subprocess.run(
            [DRYDOCK, "serve", "--port", "0", "--kubeconfig", "none", *arguments], capture_output=True, text=True,
            timeout=20)
        return result.returncode, result.stderr

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=10)
        self.process.stdout.close()
        return code

    def close(self):
        if self.process.poll() is None:
            self.stop()
        self.home.cleanup()

    def kubectl(self, *arguments, stdin=None, fails=False, timeout=30):
        """What kubectl prints; with `fails`, what it says when it must fail."""
        result = subprocess.run(
            [TOOLS / "bin/kubectl", *arguments], input=stdin, text=True, capture_output=True,
            env=self.environment, timeout=timeout)
        if fails:
            if result.returncode == 0:
                raise AssertionError(f"kubectl {' '.join(arguments)} did not fail: {result.stdout}")
            return result.stderr
        if result.returncode != 0:
            raise AssertionError(
                f"kubectl {' '.join(arguments)}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result.stdout

    def get(self, *arguments):
        return json.loads(self.kubectl("get", *arguments, "-o", "json"))


class ServedTestCase(unittest.TestCase):
    """Tests that share a server; each has a namespace of its own."""

    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.arguments)
        cls.kubectl = cls.server.kubectl

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    def setUp(self):
        self.namespace = "t-" + self.id().rsplit(".", 1)[1].replace("_", "-")[:50].lower()
        self.server.kubectl("create", "namespace", self.namespace)

    def k(self, *arguments, **options):
        return self.server.kubectl("-n", self.namespace, *arguments, **options)

    def get(self, *arguments):
        return self.server.get("-n", self.namespace, *arguments)

    def eventually(self, condition, what, seconds=10):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = condition()
            if value:
                return value
            time.sleep(0.05)
        self.fail(f"{what}: not within {seconds} s")
