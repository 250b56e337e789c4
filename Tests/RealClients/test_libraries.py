"""Controllers in Python: the official client, kr8s, lightkube and kopf, as their users use them."""

import asyncio
import logging
import pathlib
import subprocess
import sys
import threading
import time
import unittest

import kubernetes
from kubernetes import client, config, dynamic, watch
from kubernetes.client.rest import ApiException

from serving import TOOLS, ServedTestCase

THINGS = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "things.example.org"},
    "spec": {
        "group": "example.org", "scope": "Namespaced",
        "names": {"plural": "things", "singular": "thing", "kind": "Thing"},
        "versions": [{
            "name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
            "schema": {"openAPIV3Schema": {
                "type": "object", "properties": {
                    "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                    "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}},
        }],
    },
}

OPERATOR = pathlib.Path(__file__).with_name("operator_of_things.py")


class Libraries(ServedTestCase):
    def setUp(self):
        super().setUp()
        self.api = config.new_client_from_config(self.server.kubeconfig)
        self.core = client.CoreV1Api(self.api)

    def make(self, name, **fields):
        return self.core.create_namespaced_config_map(
            self.namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name), **fields))

    # The official client

    def test_crud_and_errors(self):
        made = self.make("a", data={"x": "1"})
        self.assertTrue(made.metadata.uid)
        with self.assertRaises(ApiException) as refused:
            self.make("a")
        self.assertEqual((refused.exception.status, refused.exception.reason), (409, "Conflict"))
        self.assertIn('"reason":"AlreadyExists"', refused.exception.body)
        made.data = {"x": "2"}
        replaced = self.core.replace_namespaced_config_map("a", self.namespace, made)
        with self.assertRaises(ApiException) as stale:
            self.core.replace_namespaced_config_map("a", self.namespace, made)
        self.assertEqual(stale.exception.status, 409)
        patched = self.core.patch_namespaced_config_map("a", self.namespace, {"data": {"y": "3"}})
        self.assertEqual(patched.data, {"x": "2", "y": "3"})
        self.assertNotEqual(patched.metadata.resource_version, replaced.metadata.resource_version)
        status = self.core.delete_namespaced_config_map("a", self.namespace)
        self.assertEqual(self.api.sanitize_for_serialization(status)["status"], "Success")
        for index in range(3):
            self.make(f"b{index}")
        page = self.core.list_namespaced_config_map(self.namespace, limit=2)
        self.assertEqual((len(page.items), page.metadata.remaining_item_count), (2, 1))
        rest = self.core.list_namespaced_config_map(self.namespace, limit=2, _continue=page.metadata._continue)
        self.assertEqual([item.metadata.name for item in rest.items], ["b2"])
        self.core.delete_collection_namespaced_config_map(self.namespace)
        self.assertEqual(self.core.list_namespaced_config_map(self.namespace).items, [])

    def test_watch(self):
        start = self.core.list_namespaced_config_map(self.namespace).metadata.resource_version
        self.make("a")
        self.core.patch_namespaced_config_map("a", self.namespace, {"data": {"y": "3"}})
        self.core.delete_namespaced_config_map("a", self.namespace)
        stream = watch.Watch().stream(
            self.core.list_namespaced_config_map, self.namespace, resource_version=start, timeout_seconds=1)
        events = [(event["type"], event["object"].metadata.name) for event in stream]
        self.assertEqual(events, [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")])

    def test_informer(self):
        from kubernetes.informer import SharedInformer

        self.make("before")
        informer = SharedInformer(self.core.list_namespaced_config_map, namespace=self.namespace)
        seen = []
        for kind in ("ADDED", "MODIFIED", "DELETED"):
            informer.add_event_handler(kind, lambda item, kind=kind: seen.append((kind, item.metadata.name)))
        informer.start()
        try:
            self.eventually(lambda: ("ADDED", "before") in seen, "the informer lists")
            self.make("later")
            self.core.patch_namespaced_config_map("later", self.namespace, {"data": {"a": "b"}})
            self.core.delete_namespaced_config_map("before", self.namespace)
            self.eventually(
                lambda: {("ADDED", "later"), ("MODIFIED", "later"), ("DELETED", "before")} <= set(seen),
                "the informer follows")
            self.assertEqual([item.metadata.name for item in informer.cache.list()], ["later"])
        finally:
            informer.stop()

    def test_leader_election(self):
        """One leads; when it stops without a word, another takes over once the lease has run out."""
        from kubernetes.leaderelection import electionconfig, leaderelection
        from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock

        config.load_kube_config(self.server.kubeconfig)
        logging.getLogger("leaderelection").setLevel(logging.CRITICAL)
        led = {name: threading.Event() for name in ("one", "two")}
        fails = threading.Event()

        def run(name):
            def lead():
                led[name].set()
                fails.wait(20)
                if name == "one":
                    raise RuntimeError("it leads no more")

            election = electionconfig.Config(
                LeaseLock("lock", self.namespace, name), lease_duration=4, renew_deadline=2, retry_period=1,
                onstarted_leading=lead, onstopped_leading=lambda: None)
            threading.Thread(target=lambda: leaderelection.LeaderElection(election).run(), daemon=True).start()

        def holder():
            return leases.read_namespaced_lease("lock", self.namespace).spec.holder_identity

        leases = client.CoordinationV1Api(self.api)
        run("one")
        self.assertTrue(led["one"].wait(10))
        self.assertEqual(holder(), "one")
        run("two")
        time.sleep(1.5)
        self.assertFalse(led["two"].is_set(), "a lease that is renewed is not taken")
        fails.set()
        self.assertTrue(led["two"].wait(10))
        self.assertEqual(holder(), "two")

    def test_dynamic_client(self):
        things = dynamic.DynamicClient(self.api)
        resource = things.resources.get(api_version="v1", kind="ConfigMap")
        resource.create(namespace=self.namespace, body={"metadata": {"name": "d"}, "kind": "ConfigMap", "apiVersion": "v1"})
        self.assertEqual([item.metadata.name for item in resource.get(namespace=self.namespace).items], ["d"])
        self.assertTrue(things.resources.search(kind="Lease"))

    def test_scale_and_status(self):
        apps = client.AppsV1Api(self.api)
        labels = {"app": "x"}
        apps.create_namespaced_deployment(self.namespace, {
            "metadata": {"name": "d"},
            "spec": {"selector": {"matchLabels": labels}, "template": {
                "metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}})
        self.assertEqual(apps.read_namespaced_deployment_scale("d", self.namespace).spec.replicas, 1)
        apps.patch_namespaced_deployment_scale("d", self.namespace, {"spec": {"replicas": 3}})
        self.assertEqual(apps.read_namespaced_deployment("d", self.namespace).spec.replicas, 3)
        apps.patch_namespaced_deployment_status("d", self.namespace, {"status": {"readyReplicas": 3}, "spec": {"replicas": 9}})
        read = apps.read_namespaced_deployment("d", self.namespace)
        self.assertEqual((read.status.ready_replicas, read.spec.replicas), (3, 3))

    # kr8s

    def test_kr8s(self):
        import kr8s
        from kr8s.objects import ConfigMap, Pod

        api = kr8s.api(kubeconfig=self.server.kubeconfig)
        made = ConfigMap({"metadata": {"name": "k", "namespace": self.namespace}, "data": {"a": "b"}}, api=api)
        made.create()
        made.patch({"data": {"c": "d"}})
        made.refresh()
        self.assertEqual(made.raw["data"], {"a": "b", "c": "d"})
        self.assertEqual([found.name for found in api.get("configmaps", namespace=self.namespace)], ["k"])
        made.label({"x": "y"})
        self.assertEqual([found.name for found in api.get("configmaps", namespace=self.namespace, label_selector="x=y")], ["k"])
        pod = Pod({"metadata": {"name": "p", "namespace": self.namespace}, "spec": {"containers": [{"name": "c", "image": "i"}]}}, api=api)
        pod.create()
        ready = {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}
        threading.Timer(0.3, lambda: self.core.patch_namespaced_pod_status("p", self.namespace, ready)).start()
        pod.wait("condition=Ready", timeout=10)
        pod.delete()
        pod.wait("delete", timeout=10)
        self.assertIn("Lease", [resource["kind"] for resource in api.api_resources()])
        made.delete()
        self.assertFalse(made.exists())

    # lightkube

    def test_lightkube(self):
        import lightkube
        from lightkube.core.exceptions import ApiError
        from lightkube.models.meta_v1 import ObjectMeta
        from lightkube.models.core_v1 import Container, PodSpec
        from lightkube.resources.core_v1 import ConfigMap, Pod

        kube = lightkube.Client(
            config=lightkube.KubeConfig.from_file(self.server.kubeconfig), namespace=self.namespace)
        kube.create(ConfigMap(metadata=ObjectMeta(name="l"), data={"a": "b"}))
        with self.assertRaises(ApiError) as refused:
            kube.create(ConfigMap(metadata=ObjectMeta(name="l")))
        self.assertEqual(refused.exception.status.reason, "AlreadyExists")
        kube.patch(ConfigMap, "l", {"data": {"c": "d"}})
        self.assertEqual(kube.get(ConfigMap, "l").data, {"a": "b", "c": "d"})
        kind, found = next(iter(kube.watch(ConfigMap, fields={"metadata.name": "l"})))
        self.assertEqual((kind, found.metadata.name), ("ADDED", "l"))
        kube.replace(ConfigMap(metadata=ObjectMeta(name="l"), data={"z": "1"}))
        self.assertEqual(kube.get(ConfigMap, "l").data, {"z": "1"})
        pod = kube.create(Pod(metadata=ObjectMeta(name="p"), spec=PodSpec(containers=[Container(name="c", image="i")])))
        ready = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
        threading.Timer(0.3, lambda: self.core.patch_namespaced_pod_status("p", self.namespace, ready)).start()
        kube.wait(Pod, pod.metadata.name, for_conditions=["Ready"])
        kube.deletecollection(Pod)
        self.assertEqual(list(kube.list(Pod)), [])
        kube.delete(ConfigMap, "l")
        self.assertEqual(list(kube.list(ConfigMap)), [])

    # pykube

    def test_pykube(self):
        import pykube

        api = pykube.HTTPClient(pykube.KubeConfig.from_file(self.server.kubeconfig))
        pykube.ConfigMap(api, {
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "p", "namespace": self.namespace}}).create()
        found = pykube.ConfigMap.objects(api).filter(namespace=self.namespace)
        self.assertEqual([item.name for item in found], ["p"])
        self.assertEqual([row["cells"][0] for row in found.as_table().rows], ["p"])

    # kopf

    def test_operator_with_finalizers_and_restarts(self):
        extensions = client.ApiextensionsV1Api(self.api)
        extensions.create_custom_resource_definition(THINGS)
        self.addCleanup(extensions.delete_custom_resource_definition, "things.example.org")
        objects = client.CustomObjectsApi(self.api)
        place = ("example.org", "v1", self.namespace, "things")

        def operator():
            return subprocess.Popen(
                [sys.executable, "-m", "kopf", "run", "--standalone", "-n", self.namespace, str(OPERATOR)],
                env=self.server.environment, stderr=subprocess.DEVNULL)

        def read(name):
            return objects.get_namespaced_custom_object(*place, name)

        objects.create_namespaced_custom_object(
            *place, {"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "one"}, "spec": {"n": 1}})
        first = operator()
        try:
            self.eventually(lambda: read("one").get("status", {}).get("seen") == 1, "the operator sees a thing", 20)
            self.assertTrue(read("one")["metadata"]["finalizers"])
            self.eventually(
                lambda: any(e.reason == "Seen" for e in self.core.list_namespaced_event(self.namespace).items),
                "the operator tells of it")
        finally:
            first.kill()
            first.wait()
        # Deleted while nobody runs: the finalizer holds it until the operator is back.
        objects.delete_namespaced_custom_object(*place, "one")
        self.assertIn("deletionTimestamp", read("one")["metadata"])
        second = operator()
        try:
            def is_gone():
                return not objects.list_namespaced_custom_object(*place)["items"]

            self.eventually(is_gone, "the operator lets go", 20)
            released = self.core.read_namespaced_config_map("released-one", self.namespace)
            self.assertEqual(released.data, {"n": "1"})
        finally:
            second.terminate()
            second.wait()


if __name__ == "__main__":
    unittest.main()
