"""What people type: kubectl as it is."""

import json
import subprocess
import time
import unittest

from serving import TOOLS, ServedTestCase

WIDGETS = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    schema:
      openAPIV3Schema:
        type: object
        description: A thing.
        properties:
          spec:
            type: object
            properties:
              size: {type: integer, description: How large it is.}
              replicas: {type: integer}
              color: {type: string, default: blue}
          status: {type: object, properties: {replicas: {type: integer}, phase: {type: string}}}
"""

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1
        env: [{name: A, value: "1"}, {name: B, value: "2"}]
      - {name: side, image: envoy:1}
"""

GPUS = """
apiVersion: drydock.dev/v1alpha1
kind: Pool
metadata: {name: kubectl-gpus}
spec: {type: gpu, backing: ledger, devices: [{name: gpu-0}, {name: gpu-1}]}
"""

POD = """
apiVersion: v1
kind: Pod
metadata: {name: pod, labels: {app: web}}
spec: {containers: [{name: c, image: nginx}]}
"""


class Kubectl(ServedTestCase):
    def test_version_and_discovery(self):
        self.assertIn("v1.36", self.k("version"))
        names = self.k("api-resources", "-o", "name").split()
        for name in ("pods", "deployments.apps", "events.events.k8s.io", "leases.coordination.k8s.io"):
            self.assertIn(name, names)
        self.assertIn("apps/v1", self.k("api-versions").split())
        self.assertIn("is running at", self.k("cluster-info"))

    def test_create_of_each_imperative_kind(self):
        for arguments in (
            ("configmap", "c", "--from-literal=a=b"),
            ("secret", "generic", "s", "--from-literal=p=q"),
            ("serviceaccount", "sa"),
            ("deployment", "d", "--image=nginx", "--replicas=0"),
            ("job", "j", "--image=busybox"),
            ("cronjob", "cj", "--image=busybox", "--schedule=* * * * *"),
            ("service", "clusterip", "svc", "--tcp=80:8080"),
            ("quota", "q", "--hard=pods=3"),
            ("role", "r", "--verb=get", "--resource=pods"),
            ("rolebinding", "rb", "--role=r", "--serviceaccount=default:sa"),
            ("poddisruptionbudget", "pdb", "--selector=a=b", "--min-available=1"),
            ("ingress", "i", "--rule=a.example/*=svc:80"),
        ):
            self.assertIn("created", self.k("create", *arguments), arguments)
        for arguments in (
            ("clusterrole", "cr-kubectl", "--verb=get", "--resource=pods"),
            ("clusterrolebinding", "crb-kubectl", "--clusterrole=cr-kubectl", "--group=g"),
            ("priorityclass", "pc-kubectl", "--value=7"),
            ("namespace", "ns-kubectl"),
            ("job", "j2", "--from=cronjob/cj"),
            ("secret", "docker-registry", "s2", "--docker-server=x", "--docker-username=u", "--docker-password=p"),
            ("service", "nodeport", "np", "--tcp=80"),
            ("service", "loadbalancer", "lb", "--tcp=80"),
            ("service", "externalname", "en", "--external-name=a.example"),
        ):
            self.assertIn("created", self.k("create", *arguments), arguments)
        self.assertEqual(self.k("create", "token", "sa").count("."), 2)
        self.assertEqual(self.get("job", "j2")["metadata"]["ownerReferences"][0]["name"], "cj")
        self.assertEqual(self.get("secret", "s2")["type"], "kubernetes.io/dockerconfigjson")
        self.assertEqual(self.get("cm", "c")["data"], {"a": "b"})
        self.assertEqual(self.get("secret", "s")["data"], {"p": "cQ=="})
        self.assertEqual(self.get("deployment", "d")["spec"]["replicas"], 0)
        self.assertEqual(self.get("service", "svc")["spec"]["ports"][0]["targetPort"], 8080)
        self.assertEqual(self.get("quota", "q")["spec"]["hard"], {"pods": "3"})
        self.assertEqual(self.get("pdb", "pdb")["spec"]["minAvailable"], 1)
        self.assertIn("already exists", self.k("create", "configmap", "c", fails=True))
        self.assertIn("created", self.k("run", "p", "--image=nginx"))

    def test_get_forms(self):
        self.k("create", "configmap", "a", "--from-literal=x=1")
        self.k("create", "configmap", "b")
        table = self.k("get", "cm").splitlines()
        self.assertEqual(table[0].split(), ["NAME", "DATA", "AGE"])
        self.assertEqual([row.split()[:2] for row in table[1:]], [["a", "1"], ["b", "0"]])
        self.assertEqual(self.k("get", "cm", "-o", "name").split(), ["configmap/a", "configmap/b"])
        self.assertEqual(self.k("get", "cm", "a", "-o", "jsonpath={.data.x}"), "1")
        self.assertIn("kind: ConfigMap", self.k("get", "cm", "a", "-o", "yaml"))
        self.assertIn(self.namespace, self.server.kubectl("get", "cm", "-A"))
        self.assertIn("not found", self.k("get", "cm", "nobody", fails=True))
        self.assertEqual(self.k("get", "cm", "--field-selector=metadata.name=b", "-o", "name").strip(), "configmap/b")
        self.k("get", "all")
        pages = self.k("get", "cm", "--chunk-size=1", "-o", "name").split()
        self.assertEqual(pages, ["configmap/a", "configmap/b"])

    def test_get_watch(self):
        with subprocess.Popen(
            [TOOLS / "bin/kubectl", "-n", self.namespace, "get", "cm", "-w", "-o", "name"],
            env=self.server.environment, stdout=subprocess.PIPE, text=True) as watch:
            time.sleep(0.5)
            self.k("create", "configmap", "late")
            self.assertEqual(watch.stdout.readline().strip(), "configmap/late")
            watch.terminate()
        with subprocess.Popen(
            [TOOLS / "bin/kubectl", "-n", self.namespace, "get", "cm", "-w"],
            env=self.server.environment, stdout=subprocess.PIPE, text=True) as watch:
            self.assertEqual(watch.stdout.readline().split(), ["NAME", "DATA", "AGE"])
            self.assertEqual(watch.stdout.readline().split()[:2], ["late", "0"])
            self.k("create", "configmap", "later", "--from-literal=a=b")
            self.assertEqual(watch.stdout.readline().split()[:2], ["later", "1"])
            watch.terminate()

    def test_apply_twice_and_patches(self):
        self.assertIn("created", self.k("apply", "-f", "-", stdin=WEB))
        self.assertIn("unchanged", self.k("apply", "-f", "-", stdin=WEB))
        self.k("set", "env", "deployment/web", "-c", "web", "C=3")
        changed = WEB.replace("nginx:1", "nginx:2").replace(', {name: B, value: "2"}', "")
        self.assertIn("configured", self.k("apply", "-f", "-", stdin=changed))
        containers = self.get("deployment", "web")["spec"]["template"]["spec"]["containers"]
        self.assertEqual([c["name"] for c in containers], ["web", "side"])
        self.assertEqual(containers[0]["image"], "nginx:2")
        # What somebody else has set stays, what is applied no longer goes.
        self.assertEqual([e["name"] for e in containers[0]["env"]], ["A", "C"])
        self.k("patch", "deployment", "web", "-p", '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"envoy:2"}]}}}}')
        self.k("patch", "deployment", "web", "--type=merge", "-p", '{"metadata":{"labels":{"a":"b"}}}')
        self.k("patch", "deployment", "web", "--type=json", "-p", '[{"op":"replace","path":"/spec/replicas","value":5}]')
        web = self.get("deployment", "web")
        self.assertEqual([c["image"] for c in web["spec"]["template"]["spec"]["containers"]], ["nginx:2", "envoy:2"])
        self.assertEqual((web["metadata"]["labels"], web["spec"]["replicas"]), ({"app": "web", "a": "b"}, 5))
        self.assertGreater(web["metadata"]["generation"], 1)
        self.k("label", "deployment", "web", "a-", "c=d")
        self.k("annotate", "deployment", "web", "note=x")
        self.k("scale", "deployment", "web", "--replicas=0")
        web = self.get("deployment", "web")
        self.assertEqual((web["metadata"]["labels"], web["spec"]["replicas"]), ({"app": "web", "c": "d"}, 0))
        # There is a difference, and with it an exit code.
        self.k("diff", "-f", "-", stdin=changed, fails=True)

    def test_create_refuses_what_nobody_knows(self):
        wrong = self.k("create", "-f", "-", stdin=WEB.replace("replicas:", "replicsa:"), fails=True)
        self.assertIn('unknown field "spec.replicsa"', wrong)
        self.assertIn("server-side apply is not served yet", self.k("apply", "--server-side", "-f", "-", stdin=POD, fails=True))

    def test_dry_run(self):
        self.k("create", "configmap", "c", "--dry-run=server")
        self.assertIn("not found", self.k("get", "cm", "c", fails=True))
        self.assertIn("created (server dry run)", self.k("apply", "--dry-run=server", "-f", "-", stdin=POD))

    def test_replace_and_edit(self):
        self.k("create", "configmap", "c", "--from-literal=a=b")
        cm = self.get("cm", "c")
        cm["data"] = {"x": "y"}
        self.k("replace", "-f", "-", stdin=json.dumps(cm))
        self.assertEqual(self.get("cm", "c")["data"], {"x": "y"})
        self.assertIn("the object has been modified", self.k("replace", "-f", "-", stdin=json.dumps(cm), fails=True))
        del cm["metadata"]["resourceVersion"], cm["metadata"]["uid"]
        self.k("replace", "--force", "-f", "-", stdin=json.dumps(cm))

    def test_delete_with_each_cascade(self):
        for policy, stays in (("background", False), ("foreground", False), ("orphan", True)):
            owner, child = f"{policy}-owner", f"{policy}-child"
            self.k("create", "configmap", owner)
            uid = self.get("cm", owner)["metadata"]["uid"]
            body = {
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {"name": child, "ownerReferences": [
                    {"apiVersion": "v1", "kind": "ConfigMap", "name": owner, "uid": uid, "blockOwnerDeletion": True}]},
            }
            self.k("create", "-f", "-", stdin=json.dumps(body))
            self.k("delete", "cm", owner, f"--cascade={policy}")
            if stays:
                self.assertNotIn("ownerReferences", self.get("cm", child)["metadata"])
            else:
                self.eventually(lambda: not self.k("get", "cm", child, "--ignore-not-found"), f"{child} goes")

    def test_namespace_goes_with_its_content(self):
        self.k("create", "configmap", "c")
        self.server.kubectl("delete", "namespace", self.namespace)
        self.assertIn("not found", self.server.kubectl("get", "namespace", self.namespace, fails=True))

    def test_finalizers_hold(self):
        self.k("create", "configmap", "c")
        self.k("patch", "cm", "c", "--type=merge", "-p", '{"metadata":{"finalizers":["example.com/f"]}}')
        self.k("delete", "cm", "c", "--wait=false")
        self.assertIn("deletionTimestamp", self.get("cm", "c")["metadata"])
        self.k("patch", "cm", "c", "--type=json", "-p", '[{"op":"test","path":"/metadata/finalizers/0","value":"example.com/f"},{"op":"remove","path":"/metadata/finalizers/0"}]')
        self.assertIn("not found", self.k("get", "cm", "c", fails=True))

    def test_wait_and_rollout(self):
        self.k("apply", "-f", "-", stdin=POD)
        with subprocess.Popen(
            [TOOLS / "bin/kubectl", "-n", self.namespace, "wait", "--for=condition=Ready", "pod/pod", "--timeout=10s"],
            env=self.server.environment, stdout=subprocess.PIPE, text=True) as wait:
            time.sleep(0.5)
            self.k("patch", "pod", "pod", "--subresource=status", "-p", '{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}')
            self.assertIn("condition met", wait.stdout.read())
        self.k("delete", "pod", "pod", "--grace-period=0", "--force")
        self.k("wait", "--for=delete", "pod/pod", "--timeout=5s")

    def test_custom_resources(self):
        self.server.kubectl("apply", "-f", "-", stdin=WIDGETS)
        self.server.kubectl("wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=5s")
        thing = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"size": 3, "replicas": 1}}
        self.k("apply", "-f", "-", stdin=json.dumps(thing))
        self.assertEqual(self.get("wd", "w")["spec"], {"size": 3, "replicas": 1, "color": "blue"})
        self.assertEqual(self.k("get", "widgets").splitlines()[0].split(), ["NAME", "SIZE"])
        thing["spec"]["size"] = 4
        self.assertIn("configured", self.k("apply", "-f", "-", stdin=json.dumps(thing)))
        self.k("scale", "widget/w", "--replicas=4")
        self.assertEqual(self.get("wd", "w")["spec"]["replicas"], 4)
        self.k("patch", "widget", "w", "--type=merge", "--subresource=status", "-p", '{"status":{"phase":"Done"}}')
        self.k("wait", "--for=jsonpath={.status.phase}=Done", "widget/w", "--timeout=5s")
        self.assertIn("How large it is", self.k("explain", "widgets.spec"))
        thing["spec"]["sise"] = 4
        self.assertIn('unknown field "spec.sise"', self.k("apply", "-f", "-", stdin=json.dumps(thing), fails=True))
        self.server.kubectl("delete", "crd", "widgets.example.com")
        self.assertIn("could not find the requested resource", self.k("get", "widgets", fails=True))

    def test_explain_built_in(self):
        self.assertIn("containers", self.k("explain", "pod.spec"))

    def test_own_kinds(self):
        self.server.kubectl("create", "-f", "-", stdin=GPUS)
        table = self.server.kubectl("get", "pools").splitlines()
        self.assertEqual(table[0].split(), ["NAME", "TYPE", "BACKING", "AGE"])
        self.assertEqual(table[1].split()[:3], ["kubectl-gpus", "gpu", "ledger"])
        binding = {"apiVersion": "drydock.dev/v1alpha1", "kind": "DeviceBinding", "metadata": {"name": "b"}, "spec": {"pool": "kubectl-gpus"}}
        self.k("create", "-f", "-", stdin=json.dumps(binding))
        self.k("wait", "--for=jsonpath={.status.phase}=Bound", "devicebinding/b", "--timeout=5s")
        table = self.k("get", "devicebindings", "-o", "wide").splitlines()
        self.assertEqual(table[0].split(), ["NAME", "PHASE", "POOL", "DEVICES", "AGE", "MESSAGE"])
        self.assertEqual(table[1].split()[:4], ["b", "Bound", "kubectl-gpus", "gpu-0"])
        self.assertIn("Devices", self.k("describe", "devicebinding", "b"))
        self.assertIn("The name of the pool", self.k("explain", "devicebindings.spec.pool"))
        self.assertIn("selector", self.k("explain", "devicebindings.spec"))
        self.assertIn("Where the books are kept", self.k("explain", "pools.spec.backing"))
        binding["spec"]["pol"] = "x"
        wrong = self.k("create", "--validate=strict", "-f", "-", stdin=json.dumps(binding), fails=True)
        self.assertIn('unknown field "spec.pol"', wrong)
        del binding["spec"]["pol"], binding["spec"]["pool"]
        self.assertIn("spec.pool", self.k("create", "-f", "-", stdin=json.dumps(binding), fails=True))
        self.k("delete", "devicebinding", "b")
        self.server.kubectl("delete", "pool", "kubectl-gpus")

    def test_what_only_a_node_could_do(self):
        self.k("apply", "-f", "-", stdin=POD)
        self.assertEqual(self.k("logs", "pod"), "")
        self.assertIn("does not have a host assigned", self.k("exec", "pod", "--", "ls", fails=True))
        self.assertIn("does not have a host assigned", self.k("attach", "pod", fails=True))
        self.server.kubectl("create", "-f", "-", stdin='{"apiVersion":"v1","kind":"Node","metadata":{"name":"silent"}}')
        binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "pod"}, "target": {"kind": "Node", "name": "silent"}}
        path = f"/api/v1/namespaces/{self.namespace}/pods/pod/binding"
        self.server.kubectl("create", "--raw", path, "-f", "-", stdin=json.dumps(binding))
        for arguments in (("logs", "pod"), ("exec", "pod", "--", "ls"), ("cp", "pod:/x", "/dev/null")):
            self.assertIn("no kubelet runs on node silent", self.k(*arguments, fails=True), arguments)
        self.k("debug", "pod", "--image=busybox", "--attach=false", "-q")
        self.assertEqual(self.get("pod", "pod")["spec"]["ephemeralContainers"][0]["image"], "busybox")
        self.server.kubectl("cordon", "silent")
        self.server.kubectl("taint", "node", "silent", "a=b:NoSchedule")
        self.assertIn("SchedulingDisabled", self.server.kubectl("get", "nodes"))
        self.k("drain", "silent", "--force", "--grace-period=0", "--ignore-daemonsets", "--timeout=10s")
        self.assertIn("not found", self.k("get", "pod", "pod", fails=True))
        self.server.kubectl("delete", "node", "silent")
        self.assertIn("Metrics API not available", self.k("top", "pods", fails=True))

    def test_edit_and_set(self):
        self.k("apply", "-f", "-", stdin=WEB)
        environment = dict(self.server.environment, KUBE_EDITOR="sed -i s/nginx:1/nginx:7/")
        subprocess.run(
            [TOOLS / "bin/kubectl", "-n", self.namespace, "edit", "deployment", "web"], env=environment, check=True,
            capture_output=True, timeout=30)
        self.k("set", "image", "deployment/web", "side=envoy:3")
        containers = self.get("deployment", "web")["spec"]["template"]["spec"]["containers"]
        self.assertEqual([c["image"] for c in containers], ["nginx:7", "envoy:3"])
        self.k("autoscale", "deployment", "web", "--min=1", "--max=3", "--cpu=80%")
        self.assertEqual(self.get("hpa", "web")["spec"]["maxReplicas"], 3)
        self.k("expose", "deployment", "web", "--port=80")
        self.assertEqual(self.get("service", "web")["spec"]["selector"], {"app": "web"})
        self.k("rollout", "restart", "deployment/web")
        generation = self.get("deployment", "web")["metadata"]["generation"]
        status = {"status": {"observedGeneration": generation, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2}}
        self.k("patch", "deployment", "web", "--subresource=status", "-p", json.dumps(status))
        self.assertIn("successfully rolled out", self.k("rollout", "status", "deployment/web", "--timeout=5s"))
        self.assertIn("web", self.k("get", "all"))
        self.k("apply", "--prune", "-l", "app=web", "--prune-allowlist=apps/v1/Deployment", "-f", "-", stdin=WEB)

    def test_events(self):
        self.k("apply", "-f", "-", stdin=POD)
        uid = self.get("pod", "pod")["metadata"]["uid"]
        event = {
            "apiVersion": "v1", "kind": "Event", "metadata": {"generateName": "pod-"},
            "involvedObject": {"kind": "Pod", "name": "pod", "namespace": self.namespace, "uid": uid},
            "reason": "Looked", "message": "it looks well", "type": "Normal", "count": 1,
            "lastTimestamp": "2026-01-01T00:00:00Z",
        }
        self.k("create", "-f", "-", stdin=json.dumps(event))
        self.assertIn("it looks well", self.k("events"))
        table = self.k("get", "events").splitlines()
        self.assertEqual(table[0].split(), ["LAST", "SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"])
        self.assertIn("pod/pod", table[1])
        self.assertIn("it looks well", self.k("describe", "pod", "pod"))
        newer = json.loads(self.k("get", "events.events.k8s.io", "-o", "json"))["items"][0]
        self.assertEqual((newer["note"], newer["regarding"]["name"]), ("it looks well", "pod"))

    def test_auth(self):
        self.assertEqual(self.k("auth", "can-i", "delete", "pods").strip(), "yes")
        self.assertIn("system:admin", self.k("auth", "whoami"))
        self.assertIn("*", self.k("auth", "can-i", "--list"))

    def test_eviction_and_binding(self):
        self.k("apply", "-f", "-", stdin=POD)
        binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "pod"}, "target": {"kind": "Node", "name": "n1"}}
        path = f"/api/v1/namespaces/{self.namespace}/pods/pod"
        self.server.kubectl("create", "--raw", f"{path}/binding", "-f", "-", stdin=json.dumps(binding))
        pod = self.get("pod", "pod")
        self.assertEqual(pod["spec"]["nodeName"], "n1")
        self.assertIn("already assigned", self.server.kubectl("create", "--raw", f"{path}/binding", "-f", "-", stdin=json.dumps(binding), fails=True))
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "pod", "namespace": self.namespace}, "deleteOptions": {"gracePeriodSeconds": 0}}
        self.server.kubectl("create", "--raw", f"{path}/eviction", "-f", "-", stdin=json.dumps(eviction))
        self.assertIn("not found", self.k("get", "pod", "pod", fails=True))


if __name__ == "__main__":
    unittest.main()
