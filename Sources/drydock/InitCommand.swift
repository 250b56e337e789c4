import ArgumentParser
import YAMLCoding

/// `drydock init`.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a first pool, binding, controller model and scenarios to change.",
    discussion: """
      EXAMPLES
        drydock init
        drydock init play
        drydock apply -f play/manifests
        drydock run play/scenario.yaml
      """)

  @Argument(help: "The directory; it is made where it does not exist.")
  var directory = "."

  func run() throws {
    try reportingMistakes {
      let base = directory.hasSuffix("/") ? directory : directory + "/"
      for (name, _) in Self.files where Directory.exists(base + name) {
        throw SourceDiagnostic("\(base)\(name) exists already; nothing was written", at: nil)
      }
      try Files.makeDirectory(base + "manifests")
      for (name, text) in Self.files {
        try Files.write(text, to: base + name)
        Console.print(["wrote \(base)\(name)"])
      }
      Console.print([
        "", "Try:", "    drydock apply -f \(base)manifests", "    drydock holders",
        "    drydock run \(base)scenario.yaml", "    drydock run \(base)model-scenario.yaml",
      ])
    }
  }

  private static let files: [(String, String)] = [
    (
      "manifests/pool.yaml",
      """
      # What can be handed out: four GPUs on two nodes.
      apiVersion: drydock.dev/v1alpha1
      kind: Pool
      metadata:
        name: gpus
      spec:
        type: gpu
        devices:
        - {name: gpu-0, node: node-a}
        - {name: gpu-1, node: node-a}
        - {name: gpu-2, node: node-b}
        - {name: gpu-3, node: node-b}

      """
    ),
    (
      "manifests/binding.yaml",
      """
      # Who asks: two GPUs of one node.
      apiVersion: drydock.dev/v1alpha1
      kind: DeviceBinding
      metadata:
        name: train
      spec:
        pool: gpus
        count: 2
        matchAttribute: node

      """
    ),
    (
      "scenario.yaml",
      """
      # What may go wrong: the process crashes right after it has taken the GPUs. Change `use` to naive-binding to
      # see them leak.
      apiVersion: drydock.dev/v1alpha1
      kind: Scenario
      metadata:
        name: first
      spec:
        description: A crash between allocation and record.
        include:
        - manifests/pool.yaml
        - manifests/binding.yaml
        processes:
        - name: binder
          controllers:
          - use: reference-binding
        workload:
        - look:
          when: settled
        - delete: {kind: DeviceBinding, name: train}
        - look:
          when: settled
        faults:
          script:
          - {fault: crash-after, operation: ensure, object: default/train}

      """
    ),
    (
      "model.yaml",
      """
      # A controller of your own, described. Run it on a workload that is built in:
      #     drydock run --model model.yaml
      apiVersion: drydock.dev/v1alpha1
      kind: ControllerModel
      metadata:
        name: my-binder
      spec:
        description: Takes devices, records them, and gives them back.
        for: {kind: DeviceBinding}
        finalizer: example.com/my-binder
        steps:
        - get: {}
        # Being deleted comes first. Conditions and values are CEL.
        - if: object.metadata.deletionTimestamp != null
          then:
          - done:
            when: "!(finalizer in object.metadata.finalizers)"
          - release: {pool: object.spec.pool}
          - removeFinalizer: {}
          - done:
        # The finalizer is stored before anything is taken.
        - ensureFinalizer: {}
        # Change `owner` to `raw` (asking twice takes twice) to see devices leak.
        - allocate: {pool: object.spec.pool, count: object.spec.count, key: devices, by: owner}
          onError: {Exhausted: {requeue: 30s}, OwnerSealed: done}
        - updateStatus:
            set:
              phase: "'Bound'"
              devices: "grants.map(g, {'name': g.item, 'generation': g.generation})"

      """
    ),
    (
      "model-scenario.yaml",
      """
      # The model under the same fault: the process crashes right after it has taken the GPUs.
      apiVersion: drydock.dev/v1alpha1
      kind: Scenario
      metadata:
        name: first-model
      spec:
        description: A crash between allocation and record, of a controller that is described.
        include:
        - manifests/pool.yaml
        - manifests/binding.yaml
        processes:
        - name: binder
          controllers:
          - model: model.yaml
        workload:
        - look:
          when: settled
        - delete: {kind: DeviceBinding, name: train}
        - look:
          when: settled
        faults:
          allow: [crash, lost-reply, conflict, refused]
          budget: 3
          script:
          - {fault: crash-after, operation: ensure, object: default/train}

      """
    ),
  ]
}
