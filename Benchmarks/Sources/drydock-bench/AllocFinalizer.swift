import ControllerModels
import YAMLCoding

/// The model whose decisions are counted, as `manifests/models/allocfinalizer.yaml` has it.
let allocFinalizer: ControllerModel = {
  let text = """
    apiVersion: drydock.dev/v1alpha1
    kind: ControllerModel
    metadata:
      name: allocfinalizer
    spec:
      for: {kind: DeviceBinding}
      finalizer: drydock.dev/alloc-finalizer
      steps:
      - get: {}
      - if: object.metadata.deletionTimestamp == null
        then:
        - ensureFinalizer: {then: done}
        - done:
          when: has(object.status.devices)
        - allocate: {pool: object.spec.pool, key: devices}
          onError: {Exhausted: done}
        - updateStatus: {set: {devices: "grants.map(g, {'name': g.item, 'generation': g.generation})"}}
        - done:
      - done:
        when: "!(finalizer in object.metadata.finalizers)"
      - release: {pool: object.spec.pool}
      - removeFinalizer: {}

    """
  do {
    let source = YAMLSource(name: "allocfinalizer.yaml", text: text)
    let documents = try YAMLParser.documents(in: source)
    return try ControllerModel(reading: documents[0])
  } catch {
    fatalError("\(error)")
  }
}()
