"""What was acknowledged is there after a kill."""

import http.client
import json
import os
import random
import threading
import unittest

from serving import Server

ROUNDS = int(os.environ.get("DRYDOCK_KILLS", "10"))


def request(connection, method, path, body=None):
    connection.request(method, path, body and json.dumps(body))
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


class Writer(threading.Thread):
    """Writes until the server is gone, and remembers what it was promised."""

    path = "/api/v1/namespaces/default/configmaps"

    def __init__(self, server, number, round_number):
        super().__init__()
        self.server, self.prefix = server, f"w{number}-{round_number}"
        self.promised = {}

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        count = 0
        try:
            while True:
                name = f"{self.prefix}-{count}"
                count += 1
                # What is sent and not answered may be there or not.
                self.unknown = name
                status, made = request(connection, "POST", self.path, {"metadata": {"name": name}, "data": {"n": str(count)}})
                assert status == 201, made
                self.promised[name] = made
                if count % 3 == 0:
                    self.unknown = name
                    made["data"]["changed"] = "yes"
                    status, made = request(connection, "PUT", f"{self.path}/{name}", made)
                    assert status == 200, made
                    self.promised[name] = made
                if count % 5 == 0:
                    self.unknown = name
                    status, _ = request(connection, "DELETE", f"{self.path}/{name}")
                    assert status == 200
                    self.promised[name] = None
        except (ConnectionError, http.client.HTTPException):
            return


class State(unittest.TestCase):
    def test_survives_kills_under_load(self):
        server = Server("--state", "none")
        server.stop()
        state = os.path.join(server.home.name, "cluster.db")
        kept = {}
        revision = 0
        try:
            for number in range(ROUNDS):
                server.start("--state", state)
                connection = http.client.HTTPConnection("127.0.0.1", server.port)
                _, found = request(connection, "GET", Writer.path)
                self.assertGreaterEqual(int(found["metadata"]["resourceVersion"]), revision)
                there = {item["metadata"]["name"]: item for item in found["items"]}
                for name, item in kept.items():
                    if item is None:
                        self.assertNotIn(name, there)
                    else:
                        self.assertEqual(there.get(name, {}).get("data"), item["data"], name)
                        self.assertEqual(there[name]["metadata"]["uid"], item["metadata"]["uid"])
                        revision = max(revision, int(item["metadata"]["resourceVersion"]))
                writers = [Writer(server, index, number) for index in range(4)]
                for writer in writers:
                    writer.start()
                threading.Event().wait(random.uniform(0.02, 0.25))
                server.process.kill()
                server.process.wait()
                server.process.stdout.close()
                for writer in writers:
                    writer.join()
                    kept.update(writer.promised)
                    kept.pop(writer.unknown, None)
            self.assertGreater(len(kept), ROUNDS)
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


if __name__ == "__main__":
    unittest.main()
