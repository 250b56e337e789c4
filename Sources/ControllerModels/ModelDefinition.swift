/// The fields of a controller model outside of its steps.
enum ModelDefinition {
  static let root = ObjectDefinition(
    name: "ControllerModel", summary: "A controller, described.",
    fields: [
      FieldDefinition(
        "apiVersion", .choice(["drydock.dev/v1alpha1"]), isRequired: true, "The version."),
      FieldDefinition("kind", .choice(["ControllerModel"]), isRequired: true, "The kind."),
      FieldDefinition("metadata", .object(metadata), isRequired: true, "The model's name."),
      FieldDefinition("spec", .object(spec), isRequired: true, "What the controller does."),
    ])

  static let metadata = ObjectDefinition(
    name: "metadata", summary: "The model's name.",
    fields: [
      FieldDefinition("name", .text, isRequired: true, "The controller's name."),
      FieldDefinition("labels", .map(.text), "Labels."),
      FieldDefinition("annotations", .map(.text), "Annotations."),
    ])

  static let spec = ObjectDefinition(
    name: "spec", summary: "What the controller does.",
    fields: [
      FieldDefinition("description", .text, "What the model shows, in a sentence."),
      FieldDefinition(
        "for", .object(own), isRequired: true, "The kind whose objects are reconciled."),
      FieldDefinition(
        "workers", .integer(1...256), initial: "1", "How many keys are worked on at a time."),
      FieldDefinition("finalizer", .text, "The finalizer; in expressions it is called finalizer."),
      FieldDefinition(
        "owns", .list(.object(owned)), "Kinds of children: their events queue the owner."),
      FieldDefinition(
        "watches", .list(.object(watched)), "Other kinds, and which keys their events queue."),
      FieldDefinition(
        "variables", .map(.object(variable)), "What the process remembers between reconciles."),
      FieldDefinition("leaderElection", .object(election), "Works only while it holds a lease."),
      FieldDefinition(
        "records", .object(records), "Where objects record what they hold, for kinds of one's own."),
      FieldDefinition("procedures", .map(.steps), "Steps that call can run."),
      FieldDefinition("start", .steps, "What a process does before its first key."),
      FieldDefinition("steps", .steps, isRequired: true, "What is done with a key."),
    ])

  private static let predicates = FieldDefinition(
    "predicates",
    .list(
      .choice([
        "generationChanged", "resourceVersionChanged", "labelsChanged", "annotationsChanged",
      ])),
    "Updates count only where one of these holds; creations and deletions always count.")
  private static let when = FieldDefinition(
    "when", .expression,
    "CEL over object, old and event: events for which it is false are left out.")
  private static let selector = FieldDefinition(
    "selector", .text, "A label selector; other objects are not seen.")
  private static let kind = FieldDefinition("kind", .text, isRequired: true, "The kind.")
  private static let on = FieldDefinition(
    "handlers", .object(handlers), "What an event changes in memory, before its keys are queued.")

  static let own = ObjectDefinition(
    name: "for", summary: "The kind whose objects are reconciled.",
    fields: [kind, selector, predicates, when, on])

  static let owned = ObjectDefinition(
    name: "owns", summary: "A kind of children.",
    fields: [
      kind, selector, predicates, when, on,
      FieldDefinition(
        "owner", .choice(["controller", "any"]), initial: "controller",
        "Which owner references count: the controlling one, or any to the model's kind."),
      FieldDefinition(
        "expectations", .boolean, initial: "false",
        "Whether creations and deletions of children count against what was expected."),
    ])

  static let watched = ObjectDefinition(
    name: "watches", summary: "A kind whose events queue keys.",
    fields: [
      kind, selector, predicates, when, on,
      FieldDefinition(
        "map", .object(mapping), isRequired: true, "Which keys an event queues, old and new."),
    ])

  static let mapping = ObjectDefinition(
    name: "map", summary: "Which keys an event queues.",
    fields: [
      FieldDefinition("field", .text, "The path of a field that names the object; same namespace."),
      FieldDefinition("label", .text, "A label that names the object; same namespace."),
      FieldDefinition("owner", .nothing, "The owner of the model's kind."),
      FieldDefinition("name", .nothing, "The object of the same name."),
      FieldDefinition(
        "cel", .expression, "CEL over object for a name, namespace/name, or a list of them."),
    ])

  static let handlers = ObjectDefinition(
    name: "handlers", summary: "Handlers: steps without effects.",
    fields: [
      FieldDefinition("added", .steps, "An object is new to the cache."),
      FieldDefinition("updated", .steps, "An object has changed, or is told of once more."),
      FieldDefinition("deleted", .steps, "An object is gone; object is its last known state."),
      FieldDefinition(
        "tombstones", .choice(["deleted", "drop"]), initial: "deleted",
        "Whether a deletion that the watch missed is handled, or dropped as by a plain type cast."),
    ])

  static let variable = ObjectDefinition(
    name: "variable", summary: "What the process remembers; a crash wipes it.",
    fields: [
      FieldDefinition(
        "scope", .choice(["object", "process"]), initial: "process",
        "One for each key, or one for the process."),
      FieldDefinition(
        "initial", .literal, initial: "null", "What it is in a process that has just started."),
    ])

  static let records = ObjectDefinition(
    name: "records", summary: "Where objects of the model's kind record what they hold.",
    fields: [
      FieldDefinition(
        "items", .text, isRequired: true, "The path of the list of items, or of one item."),
      FieldDefinition(
        "name", .text, "In each element, the item's name; left out, the element is the name."),
      FieldDefinition("generation", .text, "In each element, the grant's generation."),
      FieldDefinition(
        "pool", .text, isRequired: true, "The path of the pool's name, or a name in quotes."),
      FieldDefinition("key", .text, initial: "default", "Which of the owner's requests they are."),
      FieldDefinition(
        "owner", .text, initial: "the object's own",
        "The path of the UID of who holds them, for objects that record what others hold."),
    ])

  static let election = ObjectDefinition(
    name: "leaderElection", summary: "The lease that one of several processes holds.",
    fields: [
      FieldDefinition("lease", .text, isRequired: true, "The Lease's name."),
      FieldDefinition("namespace", .text, initial: "default", "The Lease's namespace."),
      FieldDefinition(
        "leaseDuration", .duration, initial: "15s", "How long others wait before they take it over."
      ),
      FieldDefinition(
        "renewDeadline", .duration, initial: "10s", "How long the holder tries to renew it."),
      FieldDefinition("retryPeriod", .duration, initial: "2s", "How often it is tried."),
      FieldDefinition(
        "fencing", .boolean, initial: "true",
        "Whether pools refuse what a process asks that led before, once a later leader has called."),
    ])
}
