"""An operator: it notes what it has seen, and leaves a note when a thing goes."""

import kopf
import pykube


@kopf.on.create("example.org", "v1", "things")
@kopf.on.resume("example.org", "v1", "things")
def see(spec, body, patch, **_):
    patch.status["seen"] = spec["n"]
    kopf.event(body, type="Normal", reason="Seen", message="it is there")


@kopf.on.delete("example.org", "v1", "things")
def release(spec, name, namespace, **_):
    api = pykube.HTTPClient(pykube.KubeConfig.from_env())
    pykube.ConfigMap(api, {
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": f"released-{name}", "namespace": namespace}, "data": {"n": str(spec["n"])},
    }).create()
