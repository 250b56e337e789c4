"""What was acknowledged or seen is there after a kill, and who does not read is not waited for."""

import http.client
import json
import os
import random
import re
import socket
import threading
import time
import unittest

from serving import Server

ROUNDS = int(os.environ.get("DRYDOCK_KILLS", "100"))
MAPS = "/api/v1/namespaces/default/configmaps"


def request(connection, method, path, body=None):
    connection.request(method, path, body and json.dumps(body))
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


class Worker(threading.Thread):
    """Does something with a server until the server is gone."""

    def __init__(self, server):
        super().__init__()
        self.port = server.port
        self.mistake = None

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            self.work(connection)
        except (ConnectionError, http.client.HTTPException, ValueError):
            return
        except AssertionError as error:
            self.mistake = error
        finally:
            connection.close()


class Writer(Worker):
    """Writes, and remembers what it was promised."""

    def __init__(self, server, prefix):
        super().__init__(server)
        self.prefix = prefix
        self.promised, self.unknown = {}, None

    def work(self, connection):
        count = 0
        while True:
            name = f"{self.prefix}-{count}"
            count += 1
            # What is sent and not answered may be there or not.
            self.unknown = name
            status, made = request(connection, "POST", MAPS, {"metadata": {"name": name}, "data": {"n": str(count)}})
            assert status == 201, made
            self.promised[name] = made
            if count % 3 == 0:
                made["data"]["changed"] = "yes"
                status, made = request(connection, "PUT", f"{MAPS}/{name}", made)
                assert status == 200, made
                self.promised[name] = made
            if count % 5 == 0:
                status, _ = request(connection, "DELETE", f"{MAPS}/{name}")
                assert status == 200
                self.promised[name] = None
            self.unknown = None


class Reader(Worker):
    """Lists and reads, and remembers the latest revision that it was told of."""

    revision = 0

    def work(self, connection):
        while True:
            status, found = request(connection, "GET", MAPS + "?limit=20")
            assert status == 200, found
            self.see(found)

    def see(self, value):
        self.revision = max(self.revision, int(value["metadata"]["resourceVersion"]))


class Watcher(Reader):
    """Watches, and remembers the latest revision of an event."""

    def work(self, connection):
        connection.request("GET", MAPS + "?watch=true&resourceVersion=0")
        answer = connection.getresponse()
        while line := answer.readline():
            self.see(json.loads(line)["object"])


class State(unittest.TestCase):
    def test_survives_kills_under_load(self):
        server = Server("--state", "none")
        server.stop()
        state = os.path.join(server.home.name, "cluster.db")
        kept, revision, writes = {}, 0, 0
        try:
            for number in range(ROUNDS):
                server.start("--state", state)
                connection = http.client.HTTPConnection("127.0.0.1", server.port)
                _, found = request(connection, "GET", MAPS)
                connection.close()
                # Whoever was told of a revision finds the server there or further on.
                self.assertGreaterEqual(int(found["metadata"]["resourceVersion"]), revision)
                there = {item["metadata"]["name"]: item for item in found["items"]}
                for name, item in kept.items():
                    if item is None:
                        self.assertNotIn(name, there)
                    else:
                        self.assertEqual(there.get(name, {}).get("data"), item["data"], name)
                        self.assertEqual(there[name]["metadata"]["uid"], item["metadata"]["uid"])
                writers = [Writer(server, f"w{index}-{number}") for index in range(3)]
                readers = [Reader(server), Watcher(server)]
                for worker in writers + readers:
                    worker.start()
                threading.Event().wait(random.uniform(0.01, 0.15))
                server.process.kill()
                server.process.wait()
                server.process.stdout.close()
                for worker in writers + readers:
                    worker.join()
                    self.assertIsNone(worker.mistake)
                for writer in writers:
                    writes += len(writer.promised)
                    kept.update(writer.promised)
                    kept.pop(writer.unknown, None)
                for item in kept.values():
                    revision = max(revision, int(item["metadata"]["resourceVersion"]) if item else 0)
                revision = max([revision, *(reader.revision for reader in readers)])
                # A long list to compare would slow the rounds down.
                kept = dict(list(kept.items())[-500:])
            self.assertGreater(writes, ROUNDS)
        finally:
            server.home.cleanup()

    def test_ends_well_when_it_is_told_to(self):
        server = Server()
        try:
            watch = http.client.HTTPConnection("127.0.0.1", server.port)
            watch.request("GET", "/api/v1/namespaces?watch=true")
            answer = watch.getresponse()
            self.assertEqual(json.loads(answer.readline())["type"], "ADDED")
            self.assertEqual(server.stop(), 0)
            # The stream ends as a stream, and not in the middle of a chunk.
            for line in answer.read().splitlines():
                json.loads(line)
        finally:
            server.close()

    def test_says_that_a_port_is_taken(self):
        server = Server()
        try:
            code, text = Server.fails("--port", str(server.port))
            self.assertEqual((code, text), (2, f"error: cannot listen on port {server.port}: Address already in use\n"))
        finally:
            server.close()

    def test_refuses_unknown_controllers(self):
        code, text = Server.fails("--controllers", "naive-binding,nobody")
        self.assertEqual(code, 2)
        self.assertIn('there is no controller "nobody"', text)
        self.assertIn("reference-binding", text)


class SlowReaders(unittest.TestCase):
    """A watcher that stops reading is dropped, and neither it nor the past grow in memory."""

    count = 800

    def write(self, server, round_number):
        """Patches one large object again and again, some questions on their way at a time."""
        def question(number):
            body = json.dumps({"data": {"n": f"{round_number}-{number}"}}).encode()
            head = f"PATCH {MAPS}/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/merge-patch+json\r\n"
            return head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body

        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            for start in range(0, self.count, 50):
                connection.sendall(b"".join(question(number) for number in range(start, start + 50)))
                answers, last = 0, b""
                while answers < 50 or not last.endswith(b"}"):
                    received = connection.recv(1 << 20)
                    # What ends one part may begin an answer.
                    answers += (last[-15:] + received).count(b"HTTP/1.1 200 OK") - last[-15:].count(b"HTTP/1.1 200 OK")
                    last = received

    def resident(self, server):
        with open(f"/proc/{server.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s*(\d+)", file.read())[1]) / 1024

    def ask(self, server, path):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", path)
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    def test_slow_reader_is_dropped(self):
        server = Server("--compaction-interval", "200ms")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            status, made = request(connection, "POST", MAPS, {"metadata": {"name": "a"}, "data": {"x": "x" * 20_000}})
            self.assertEqual(status, 201)
            slow = socket.socket()
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            slow.connect(("127.0.0.1", server.port))
            slow.sendall(f"GET {MAPS}?watch=true HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            # Until what is kept of the past has its size.
            self.write(server, 0)
            self.write(server, 1)
            first = self.resident(server)
            for number in range(2, 5):
                self.write(server, number)
            metrics = self.ask(server, "/metrics")
            self.assertIn("apiserver_terminated_watchers_total 1\n", metrics)
            self.assertIn("apiserver_longrunning_requests 0\n", metrics)
            self.assertLess(self.resident(server), first + 16)
            slow.close()
            # What is forgotten is told as such, and a client can begin anew.
            time.sleep(0.5)
            rv = made["metadata"]["resourceVersion"]
            event = json.loads(self.ask(server, f"{MAPS}?watch=true&timeoutSeconds=1&resourceVersion={rv}").splitlines()[0])
            self.assertEqual((event["type"], event["object"]["code"], event["object"]["reason"]), ("ERROR", 410, "Expired"))
            listed = json.loads(self.ask(server, f"{MAPS}?resourceVersion={rv}&resourceVersionMatch=Exact"))
            self.assertEqual((listed["code"], listed["reason"]), (410, "Expired"))
            self.assertEqual(json.loads(self.ask(server, MAPS))["items"][0]["metadata"]["name"], "a")
        finally:
            server.close()


if __name__ == "__main__":
    unittest.main()
