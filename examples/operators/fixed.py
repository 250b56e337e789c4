"""The same operator, put right: asking twice is asking once, and what is given back is what the ledger says."""

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
@kopf.on.resume("example.org", "v1", "portleases", backoff=0.3)
def allocate(spec, uid, name, namespace, patch, **_):
    # kopf has set its finalizer before this runs. The owner is the key: a second try is
    # told of the ports of the first.
    patch.status["ports"] = ledger(
        "ensure", owner=uid, holder=f"PortLease {namespace}/{name}", count=spec["count"])


@kopf.on.delete("example.org", "v1", "portleases", backoff=0.3)
def release(uid, name, namespace, **_):
    # Not what the status says, which may be older than the ledger: all that the owner has.
    ledger("release", owner=uid, holder=f"PortLease {namespace}/{name}")
