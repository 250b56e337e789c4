import ControllerModels
import Simulation

/// The fields of a scenario: the reader allows these and no others, and the schema and the page's tables are made from
/// them.
enum ScenarioDefinition {
  static let root = ObjectDefinition(
    name: "Scenario", summary: "A world, what happens in it, and what may go wrong.",
    fields: [
      FieldDefinition(
        "apiVersion", .choice(["drydock.dev/v1alpha1"]), isRequired: true, "The version."),
      FieldDefinition("kind", .choice(["Scenario"]), isRequired: true, "The kind."),
      FieldDefinition("metadata", .object(metadata), isRequired: true, "The scenario's name."),
      FieldDefinition("spec", .object(spec), isRequired: true, "What the scenario is made of."),
    ])

  static let metadata = ObjectDefinition(
    name: "metadata", summary: "The scenario's name.",
    fields: [
      FieldDefinition("name", .text, isRequired: true, "The scenario's name; files carry it, too."),
      FieldDefinition("labels", .map(.text), "Labels."),
      FieldDefinition("annotations", .map(.text), "Annotations."),
    ])

  static let spec = ObjectDefinition(
    name: "spec", summary: "What the scenario is made of.",
    fields: [
      FieldDefinition("description", .text, "What the scenario shows, in a sentence."),
      FieldDefinition(
        "include", .list(.text),
        "Files whose objects are there from the start, and whose models can be used by name."),
      FieldDefinition(
        "processes", .list(.object(process)), "The processes that controllers run in."),
      FieldDefinition(
        "systemControllers", .list(.text),
        "Controllers of the control plane, in a process called system."),
      FieldDefinition(
        "workload", .list(.object(step)), "What the user does, one step after the other."),
      FieldDefinition(
        "faults", .object(faults), initial: "every legal fault, three a run, in campaigns",
        "What may go wrong, and what does."),
      FieldDefinition(
        "limits", .object(limits), "When a run is given up, and how much is remembered."),
      FieldDefinition("server", .object(server), "What differs from cluster to cluster."),
      FieldDefinition(
        "records", .list(.object(record)), "Where kinds of one's own record what they hold."),
      FieldDefinition(
        "properties", .list(.object(property)), "What must hold besides, in CEL over the world."),
      FieldDefinition("oracles", .object(oracles), "Which rules runs are judged by."),
      FieldDefinition(
        "thresholds", .map(.object(threshold)), "Bounds of how long releases may take."),
    ])

  static let property = ObjectDefinition(
    name: "properties",
    summary: "What must hold besides: one of always, eventually, sometimes and settled.",
    fields: [
      FieldDefinition("name", .text, isRequired: true, "The property's name."),
      FieldDefinition("always", .text, "Must hold after each step."),
      FieldDefinition("eventually", .text, "Must hold at some time in each run."),
      FieldDefinition("sometimes", .text, "Must hold at some time in some run of a campaign."),
      FieldDefinition("settled", .text, "Must hold whenever the world is at rest."),
    ])

  private static let oracleNames = Violation.Oracle.allCases.map(\.rawValue)

  static let oracles = ObjectDefinition(
    name: "oracles", summary: "Which rules runs are judged by.",
    fields: [
      FieldDefinition("judge", .list(.choice(oracleNames)), "Rules that are asked besides."),
      FieldDefinition("ignore", .list(.choice(oracleNames)), "Rules that are not asked."),
      FieldDefinition(
        "collectors", .list(.text), "Controllers whose business it is to delete what others own."),
      FieldDefinition(
        "failures", .integer(1...1_000_000), "How often a key may fail with the same error."),
    ])

  static let threshold = ObjectDefinition(
    name: "thresholds", summary: "Bounds of how long something takes, in virtual time.",
    fields: [
      FieldDefinition("warning", .duration, "From here on a suspicion."),
      FieldDefinition("critical", .duration, "From here on a violation."),
    ])

  static let record = ObjectDefinition(
    name: "records", summary: "Where objects of a kind record what they hold.",
    fields: [
      FieldDefinition("kind", .text, isRequired: true, "The kind."),
      FieldDefinition(
        "items", .text, isRequired: true, "The path of the list of items, or of one item."),
      FieldDefinition("name", .text, initial: "the element", "In each element, the item's name."),
      FieldDefinition("generation", .text, "In each element, the grant's generation."),
      FieldDefinition(
        "pool", .text, isRequired: true, "The path of the pool's name, or a name in quotes."),
      FieldDefinition("key", .text, initial: "default", "Which of the owner's requests they are."),
      FieldDefinition(
        "owner", .text, initial: "the object", "The path of the UID of another owner."),
    ])

  // MARK: Processes

  static let controller = ObjectDefinition(
    name: "controllers", summary: "A controller of a process.",
    fields: [
      FieldDefinition("use", .text, "The name of a controller that is built in, or of a model."),
      FieldDefinition("model", .text, "The file of a model; instead of use."),
      FieldDefinition(
        "workers", .integer(1...256), initial: "1, or what the model says",
        "How many keys are worked on at a time."),
      FieldDefinition(
        "variables", .map(.literal), "What variables of a model begin with, by name."),
    ])

  static let process = ObjectDefinition(
    name: "processes", summary: "A process: what runs in it has one memory and stops together.",
    fields: [
      FieldDefinition(
        "name", .text, isRequired: true, "The name; its replicas are called name-0, name-1, …"),
      FieldDefinition("replicas", .integer(1...64), initial: "1", "How many of it there are."),
      FieldDefinition(
        "controllers", .list(.object(controller)), isRequired: true, "What runs in it."),
      FieldDefinition(
        "informerLag", .either([.duration, .map(.duration)]), initial: "0s",
        "How far informers are behind the server, at the least: all of them, or by kind (and `all`)."
      ),
      FieldDefinition(
        "restartAfter", .duration, initial: "1s", "How long after a crash it starts again."),
      FieldDefinition(
        "clockSkew", .duration, initial: "0s",
        "How far its clock is ahead; with a minus sign, behind."),
      FieldDefinition(
        "cacheObjects", .integer(1...10_000_000), initial: "no bound",
        "How many objects its caches hold before it is killed for want of memory."),
      FieldDefinition("upgrade", .object(upgrade), "Its other version, for faults and steps."),
    ])

  static let upgrade = ObjectDefinition(
    name: "upgrade", summary: "The other version of a process.",
    fields: [
      FieldDefinition(
        "controllers", .list(.object(controller)), isRequired: true,
        "What runs in it after an upgrade, until the next one.")
    ])

  // MARK: Workload

  private static let objectFields = [
    FieldDefinition("kind", .text, isRequired: true, "The kind."),
    FieldDefinition("namespace", .text, initial: "default", "The namespace."),
    FieldDefinition("name", .text, isRequired: true, "The name."),
  ]

  static let object = ObjectDefinition(
    name: "object", summary: "An object by its name.", fields: objectFields)

  static let deletion = ObjectDefinition(
    name: "delete", summary: "An object, and how it is deleted.",
    fields: objectFields + [
      FieldDefinition(
        "propagationPolicy", .choice(["Background", "Foreground", "Orphan"]),
        "What becomes of its dependents."),
      FieldDefinition(
        "gracePeriodSeconds", .integer(0...1_000_000), initial: "the kind's",
        "The grace that is left to it."),
    ])

  static let patch = ObjectDefinition(
    name: "patch", summary: "An object, and a merge patch.",
    fields: objectFields + [
      FieldDefinition("merge", .map(.literal), isRequired: true, "Fields to change."),
      FieldDefinition(
        "subresource", .choice(["status", "scale"]), initial: "the object itself",
        "The part that is patched; a status that people write is an operator override."),
    ])

  static let scaling = ObjectDefinition(
    name: "scale", summary: "An object, and how many replicas it is to have.",
    fields: objectFields + [
      FieldDefinition("replicas", .integer(0...1_000_000), isRequired: true, "How many.")
    ])

  static let stripping = ObjectDefinition(
    name: "stripFinalizers", summary: "An object, and which finalizers are taken off.",
    fields: objectFields + [
      FieldDefinition("finalizers", .list(.text), initial: "all of them", "Which.")
    ])

  static let item = ObjectDefinition(
    name: "item", summary: "An item of a pool.",
    fields: [
      FieldDefinition("pool", .text, isRequired: true, "The pool."),
      FieldDefinition("item", .text, isRequired: true, "The item's name."),
    ])

  static let processChoice = ObjectDefinition(
    name: "process", summary: "A process by its name.",
    fields: [FieldDefinition("process", .text, isRequired: true, "The process, such as binder-0.")])

  static let repetition = ObjectDefinition(
    name: "repeat", summary: "Steps that are taken again and again.",
    fields: [
      FieldDefinition("times", .integer(1...1_000_000), isRequired: true, "How often."),
      FieldDefinition(
        "every", .duration, isRequired: true, "How much later each time, counted from the start."),
      FieldDefinition("steps", .list(.literal), isRequired: true, "Steps, but no repetitions."),
    ])

  static let condition = ObjectDefinition(
    name: "when", summary: "Something about an object; one of state, finalizer and path.",
    fields: objectFields + [
      FieldDefinition("state", .choice(["exists", "gone", "deleting"]), "Whether it is there."),
      FieldDefinition("finalizer", .text, "It has this finalizer."),
      FieldDefinition("path", .text, "It has this field."),
      FieldDefinition("is", .literal, initial: "anything", "The value that the field has."),
    ])

  static let step = ObjectDefinition(
    name: "workload", summary: "One step: one action, and when it is taken.",
    fields: [
      FieldDefinition(
        "apply", .literal, "Makes an object, or merges it over the one that is there."),
      FieldDefinition("patch", .object(patch), "Merges a patch."),
      FieldDefinition("delete", .object(deletion), "Deletes an object."),
      FieldDefinition("scale", .object(scaling), "Sets `spec.replicas`."),
      FieldDefinition(
        "recreate", .object(object),
        "Deletes an object and makes one of its name and content, once it is gone."),
      FieldDefinition(
        "stripFinalizers", .object(stripping), "Takes finalizers off: an operator override."),
      FieldDefinition(
        "forceDelete", .object(object),
        "Takes all finalizers off and deletes without grace: an operator override."),
      FieldDefinition(
        "release", .object(item),
        "Gives an item back behind its holder: an operator override."),
      FieldDefinition(
        "take", .object(item), "Takes a free item for something else: an operator override."),
      FieldDefinition("restart", .object(processChoice), "Stops a process, which starts again."),
      FieldDefinition(
        "upgrade", .object(processChoice), "Stops a process, which starts in its other version."),
      FieldDefinition("look", .nothing, "Looks who holds what, at rest."),
      FieldDefinition("repeat", .object(repetition), "Takes steps again and again."),
      FieldDefinition(
        "when", .either([.text, .object(condition)]), initial: "immediately",
        "`immediately`, `settled`, `after 30s`, or a condition; left out where it never comes true."
      ),
      FieldDefinition("at", .duration, "When, after the start of the world; instead of when."),
    ])

  // MARK: Faults

  private static let kindNames = FaultKind.allCases.map(\.rawValue)

  private static let places = [
    FieldDefinition(
      "operation", .choice(FaultsDecoder.operations),
      "The operation that is hit; in a script also the one that a fault of another sort comes before."
    ),
    FieldDefinition(
      "object", .text, initial: "any",
      "The object that is reconciled, as namespace/name; for what others do, the one they do it to."
    ),
    FieldDefinition("process", .text, initial: "any", "The process that is hit."),
    FieldDefinition(
      "kind", .text, initial: "any", "The kind of the informer that is hit, or of the object."),
    FieldDefinition(
      "for", .either([.duration, .list(.duration)]), initial: "see the table of kinds",
      "How long it lasts, or how far a clock jumps; one of several is drawn."),
  ]

  static let rule = ObjectDefinition(
    name: "allow", summary: "A kind of fault that may be drawn, and whom it may hit.",
    fields: [FieldDefinition("fault", .choice(kindNames), isRequired: true, "The kind.")] + places
      + [
        FieldDefinition(
          "budget", .integer(0...1_000), initial: "that of all", "The most of this kind in a run."),
        FieldDefinition(
          "odds", .integer(1...1_000_000), initial: "those of all", "One chance in so many."),
      ])

  static let scripted = ObjectDefinition(
    name: "script", summary: "A fault that comes in every run, at an operation or at a time.",
    fields: [FieldDefinition("fault", .choice(kindNames), isRequired: true, "The kind.")] + places
      + [
        FieldDefinition(
          "occurrence", .integer(1...1_000_000), initial: "1",
          "Which of the operations that fit."),
        FieldDefinition(
          "at", .duration, "When, after the start; instead of operation, for what hits no effect."),
        FieldDefinition(
          "number", .integer(1...1_000), initial: "the first",
          "How many writes time-travel goes back (1, 2, 4, 8), the order of shuffle, the step of store-restore."
        ),
      ])

  static let faults = ObjectDefinition(
    name: "faults", summary: "What may go wrong, and what does.",
    fields: [
      FieldDefinition(
        "allow",
        .list(.either([.choice(FaultsDecoder.groups.map(\.name) + kindNames), .object(rule)])),
        initial: "every legal kind",
        "Which faults campaigns draw: kinds, groups of them, or maps that say more. An empty list allows none."
      ),
      FieldDefinition(
        "budget", .integer(0...1_000), initial: "1 where allow is given, else 3",
        "The most faults in a run; 0 for none."),
      FieldDefinition(
        "odds", .integer(1...1_000_000), initial: "20",
        "One effect in so many is hit, half of them where a kind that was drawn first can hit, and one decision in so many brings a fault that hits no effect."
      ),
      FieldDefinition(
        "until", .duration, initial: "no bound",
        "When the world heals: nothing is drawn after it, and what lasts ends."),
      FieldDefinition("script", .list(.object(scripted)), "Faults at fixed places, in every run."),
    ])

  // MARK: Limits and server

  static let limits = ObjectDefinition(
    name: "limits", summary: "When a run is given up, and how much is remembered.",
    fields: [
      FieldDefinition(
        "virtualTime", .duration, initial: "4h",
        "How long keys may go on failing without any change."),
      FieldDefinition(
        "decisions", .integer(1...100_000_000), initial: "100000", "How many decisions a run takes."
      ),
      FieldDefinition(
        "watchHistory", .integer(0...1_000_000), initial: "100000",
        "How many writes of a kind the server remembers for watches; who is further behind lists again."
      ),
    ])

  static let server = ObjectDefinition(
    name: "server", summary: "What differs from cluster to cluster.",
    fields: [
      FieldDefinition(
        "replicas", .integer(1...9), initial: "1",
        "How many API servers there are; with several, one can be behind (time-travel)."),
      FieldDefinition(
        "deleteFinalizerRace", .choice(["fixed", "legacy"]), initial: "fixed",
        "Whether a finalizer that arrives while its object is removed is lost."),
      FieldDefinition(
        "deletionBumpsGeneration", .map(.boolean), initial: "true for every kind",
        "By kind, whether the beginning of a deletion counts as a generation."),
    ])
}
