"""An operator that looks right, and leaks ports: try it with `drydock chaos --exec`."""

import json
import os
import urllib.request

import kopf

LEDGER = os.environ["DRYDOCK_LEDGER"]


def ledger(verb, **body):
    request = urllib.request.Request(
        f"{LEDGER}/pools/ports/{verb}", json.dumps(body).encode(),
        {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, timeout=5) as answer:
        return [grant["item"] for grant in json.load(answer)["grants"]]


@kopf.on.create("example.org", "v1", "portleases", backoff=0.3)
def allocate(spec, uid, name, namespace, patch, **_):
    # Whoever is killed before the patch is sent has taken ports that nobody remembers,
    # and the next try takes others.
    patch.status["ports"] = ledger(
        "allocate", owner=uid, holder=f"PortLease {namespace}/{name}", count=spec["count"])


@kopf.on.delete("example.org", "v1", "portleases", backoff=0.3)
def release(status, **_):
    for port in status.get("ports", []):
        ledger("free", item=port)
