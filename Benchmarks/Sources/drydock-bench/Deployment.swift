import ValueTree

/// The object that object benchmarks work on: a Deployment as a server sends it.
///
/// It has 1,156 bytes of compact JSON, 59 nodes, two finalizers and one owner. Its members stand in the
/// order of the API's types, which is not the order of their names, so reading it includes sorting.
let deploymentJSON = """
  {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"checkout-frontend",\
  "namespace":"shop-production","uid":"5a0c1f5e-6d3b-4c52-9a3e-0f1d2c3b4a59",\
  "resourceVersion":"184467","generation":3,"creationTimestamp":"2026-01-01T00:00:00Z",\
  "labels":{"app":"checkout","app.kubernetes.io/name":"checkout-frontend","tier":"frontend"},\
  "annotations":{"deployment.kubernetes.io/revision":"3"},\
  "finalizers":["drydock.dev/device-cleanup","foregroundDeletion"],\
  "ownerReferences":[{"apiVersion":"drydock.dev/v1alpha1","kind":"Storefront",\
  "name":"checkout","uid":"0b7e6a34-91c2-4de8-8f05-3a2b1c0d9e8f","controller":true,\
  "blockOwnerDeletion":true}]},"spec":{"replicas":3,\
  "selector":{"matchLabels":{"app":"checkout"}},"strategy":{"type":"RollingUpdate",\
  "rollingUpdate":{"maxSurge":1,"maxUnavailable":0}},\
  "template":{"metadata":{"labels":{"app":"checkout"}},"spec":{"containers":[{"name":"web",\
  "image":"registry.example.com/shop/checkout-frontend:1.42.0-build-884",\
  "ports":[{"containerPort":8080,"protocol":"TCP"}],"resources":{"limits":{"cpu":"500m",\
  "memory":"256Mi"}}}],"restartPolicy":"Always"}}},"status":{"observedGeneration":3,\
  "replicas":3,"updatedReplicas":3}}
  """

/// The Deployment as a value.
func deployment() -> Value {
  var reader = JSONReader()
  return read(deploymentJSON, with: &reader)
}

/// Reads a text that is known to be right.
func read(_ text: String, with reader: inout JSONReader) -> Value {
  do { return try reader.read(text) } catch { fatalError("\(error)") }
}
