"""A controller on the plain client, with a lease that one of several instances holds."""

import datetime
import json
import os
import sys
import threading
import time
import urllib.request

from kubernetes import client, config, watch
from kubernetes.client.exceptions import ApiException

GROUP, VERSION, PLURAL = "example.org", "v1", "portleases"
FINALIZER = "example.org/ports"
LEDGER = os.environ["DRYDOCK_LEDGER"]
IDENTITY = f"{os.getpid()}-{os.environ.get('DRYDOCK_INSTANCE', '0')}"
LEASE_SECONDS = 3

config.load_kube_config()
objects = client.CustomObjectsApi()
leases = client.CoordinationV1Api()


def ledger(verb, **body):
    request = urllib.request.Request(
        f"{LEDGER}/pools/ports/{verb}", json.dumps(body).encode(),
        {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, timeout=5) as answer:
        return [grant["item"] for grant in json.load(answer)["grants"]]


class Election:
    """Holds the lease, or waits for it; whoever loses it ends, and is started again."""

    def __init__(self):
        self.seen = None
        self.changed = time.monotonic()

    def acquire(self):
        while not self.renew():
            time.sleep(0.5)

    def keep(self):
        last = time.monotonic()
        while True:
            time.sleep(1)
            try:
                if self.renew():
                    last = time.monotonic()
                    continue
            except Exception as error:
                print("the lease was not renewed:", error)
            if time.monotonic() - last > LEASE_SECONDS * 2 / 3:
                print("the lease is lost")
                os._exit(0)

    def renew(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        try:
            lease = leases.read_namespaced_lease("ports", "default")
        except ApiException as error:
            if error.status != 404:
                raise
            lease = client.V1Lease(
                metadata=client.V1ObjectMeta(name="ports"),
                spec=client.V1LeaseSpec(
                    holder_identity=IDENTITY, lease_duration_seconds=LEASE_SECONDS,
                    acquire_time=now, renew_time=now, lease_transitions=0))
            try:
                leases.create_namespaced_lease("default", lease)
                return True
            except ApiException as error:
                if error.status == 409:
                    return False
                raise
        held = (lease.spec.holder_identity, lease.spec.renew_time)
        if held != self.seen:
            # By our own clock: how late another one's clock is cannot be known.
            self.seen, self.changed = held, time.monotonic()
        is_ours = lease.spec.holder_identity == IDENTITY
        if not is_ours and lease.spec.holder_identity:
            if time.monotonic() - self.changed < LEASE_SECONDS:
                return False
        if not is_ours:
            lease.spec.holder_identity = IDENTITY
            lease.spec.acquire_time = now
            lease.spec.lease_transitions = (lease.spec.lease_transitions or 0) + 1
        lease.spec.renew_time = now
        try:
            lease = leases.replace_namespaced_lease("ports", "default", lease)
        except ApiException as error:
            if error.status == 409:
                return False
            raise
        self.seen = (lease.spec.holder_identity, lease.spec.renew_time)
        self.changed = time.monotonic()
        return True


def reconcile(namespace, name):
    try:
        lease = objects.get_namespaced_custom_object(GROUP, VERSION, namespace, PLURAL, name)
    except ApiException as error:
        if error.status == 404:
            return
        raise
    metadata = lease["metadata"]
    finalizers = metadata.get("finalizers", [])
    owner, holder = metadata["uid"], f"PortLease {namespace}/{name}"
    if metadata.get("deletionTimestamp"):
        if FINALIZER in finalizers:
            ledger("release", owner=owner, holder=holder)
            metadata["finalizers"] = [name for name in finalizers if name != FINALIZER]
            objects.replace_namespaced_custom_object(GROUP, VERSION, namespace, PLURAL, name, lease)
        return
    if FINALIZER not in finalizers:
        metadata["finalizers"] = finalizers + [FINALIZER]
        lease = objects.replace_namespaced_custom_object(
            GROUP, VERSION, namespace, PLURAL, name, lease)
    ports = ledger("ensure", owner=owner, holder=holder, count=lease["spec"]["count"])
    if lease.get("status", {}).get("ports") != ports:
        lease["status"] = {"ports": ports}
        objects.replace_namespaced_custom_object_status(
            GROUP, VERSION, namespace, PLURAL, name, lease)


class Queue:
    """Keys that wait to be looked at, each once."""

    def __init__(self):
        self.ready = threading.Condition()
        self.keys = {}

    def add(self, key, delay=0.0):
        with self.ready:
            due = time.monotonic() + delay
            self.keys[key] = min(due, self.keys.get(key, due))
            self.ready.notify()

    def take(self):
        with self.ready:
            while True:
                now = time.monotonic()
                due = [key for key, at in self.keys.items() if at <= now]
                if due:
                    del self.keys[due[0]]
                    return due[0]
                first = min(self.keys.values(), default=now + 3600)
                self.ready.wait(first - now)


def follow(queue):
    while True:
        try:
            listed = objects.list_cluster_custom_object(GROUP, VERSION, PLURAL)
            for item in listed["items"]:
                queue.add((item["metadata"]["namespace"], item["metadata"]["name"]))
            stream = watch.Watch().stream(
                objects.list_cluster_custom_object, GROUP, VERSION, PLURAL,
                resource_version=listed["metadata"]["resourceVersion"], timeout_seconds=300)
            for event in stream:
                metadata = event["object"]["metadata"]
                queue.add((metadata["namespace"], metadata["name"]))
        except Exception as error:
            print("the watch has ended:", error)
            time.sleep(0.2)


def work(queue):
    while True:
        key = queue.take()
        try:
            reconcile(*key)
        except Exception as error:
            print(key, error)
            queue.add(key, 0.3)


election = Election()
try:
    election.acquire()
except Exception as error:
    sys.exit(f"no lease: {error}")
print("leads as", IDENTITY)
keys = Queue()
threading.Thread(target=election.keep, daemon=True).start()
threading.Thread(target=follow, args=(keys,), daemon=True).start()
work(keys)
