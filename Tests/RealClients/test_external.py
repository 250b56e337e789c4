"""Controllers of another language under chaos: the shipped operators, and what is left behind."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

from serving import DRYDOCK, ROOT, TOOLS

PYTHON = TOOLS / "venv/bin/python"
OPERATORS = ROOT / "examples/operators"
SCENARIO = OPERATORS / "ports.yaml"
# kopf is a module as well as a program.
LEAKY = f"{PYTHON} -m kopf run --standalone --all-namespaces {OPERATORS}/leaky.py"
FIXED = f"{PYTHON} -m kopf run --standalone --all-namespaces {OPERATORS}/fixed.py"
ELECTED = f"{PYTHON} {OPERATORS}/elected.py"


def processes_with(marker):
    """The processes whose environment or arguments hold a text."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            content = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if marker.encode() in content:
            found.append(int(folder.name))
    return found


class ExternalTestCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.temporary = os.path.join(self.folder.name, "tmp")
        os.mkdir(self.temporary)
        # What Drydock starts inherits it, and can be found by it.
        self.marker = f"marker-{os.path.basename(self.folder.name)}"
        self.environment = {
            **os.environ, "TMPDIR": self.temporary, "DRYDOCK_TEST_MARKER": self.marker,
            "HOME": self.folder.name, "PYTHONDONTWRITEBYTECODE": "1",
        }

    def tearDown(self):
        self.assertEqual(self.leftovers(), ([], []))
        self.folder.cleanup()

    def leftovers(self):
        deadline = time.monotonic() + 5
        while True:
            left = processes_with(self.marker), os.listdir(self.temporary)
            if left == ([], []) or time.monotonic() > deadline:
                return left
            time.sleep(0.05)

    def start(self, *arguments):
        return subprocess.Popen(
            [DRYDOCK, *map(str, arguments)], cwd=self.folder.name, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run_drydock(self, *arguments, timeout=240):
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=timeout)
        return process.returncode, output


class LeakTests(ExternalTestCase):
    def test_the_leaking_operator_is_found_and_its_plan_replays(self):
        begin = time.monotonic()
        code, output = self.run_drydock(
            "chaos", "--exec", LEAKY, "--matrix", "--tries", 2, SCENARIO)
        self.assertEqual(code, 1, output)
        self.assertIn("VIOLATED leak", output)
        self.assertRegex(output, r"3\d{4}/TCP of pool ports leaked: controller took it for PortLease")
        self.assertIn("seen again in 2 of 2", output)
        self.assertLess(time.monotonic() - begin, 60)
        plan = re.search(r"Plan saved as (\S+)\.", output).group(1)
        code, output = self.run_drydock(
            "replay", "--exec", LEAKY, os.path.join(self.folder.name, plan))
        self.assertEqual(code, 1, output)
        self.assertIn("VIOLATED leak", output)

    def test_the_fixed_operator_holds_where_the_other_leaks(self):
        code, output = self.run_drydock(
            "chaos", "--exec", FIXED, "--matrix", "--faults", "kill-after", "--rest", "700ms", SCENARIO)
        self.assertEqual(code, 0, output)
        self.assertIn("complete for that scope", output)
        self.assertNotIn("not judged", output)

    def test_the_elected_controller_survives_conflicts(self):
        code, output = self.run_drydock(
            "chaos", "--exec", ELECTED, "--matrix", "--faults", "conflict", "--rest", "700ms",
            SCENARIO)
        self.assertEqual(code, 0, output)
        self.assertNotIn("not judged", output)


class LifeTests(ExternalTestCase):
    def test_a_command_that_is_not_there_is_said_so(self):
        code, output = self.run_drydock("chaos", "--exec", "no-such-controller", SCENARIO)
        self.assertEqual(code, 2, output)
        self.assertIn("no-such-controller", output)
        self.assertIn("127", output)

    def test_a_controller_that_asks_for_nothing_is_said_so(self):
        code, output = self.run_drydock("chaos", "--exec", "sleep 60", "--settle", "3s", SCENARIO)
        self.assertEqual(code, 2, output)
        self.assertIn("asked for nothing", output)

    def test_nothing_is_left_after_an_interrupt(self):
        process = self.start("chaos", "--exec", LEAKY, "--matrix", "--keep-going", SCENARIO)
        time.sleep(4)
        self.assertNotEqual(processes_with(self.marker), [])
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, output)

    def test_nothing_is_left_after_drydock_is_killed(self):
        # What goes to a session of its own is found all the same.
        stray = f"setsid sleep 1000 & {LEAKY}"
        process = self.start("chaos", "--exec", stray, SCENARIO)
        time.sleep(3)
        self.assertGreater(len(processes_with(self.marker)), 2)
        process.kill()
        process.communicate(timeout=20)
