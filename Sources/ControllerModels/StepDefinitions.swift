/// One thing that a step can do: its name, what stands behind it, and where it may stand.
struct StepDefinition: Sendable {
  let name: String
  let shape: FieldShape
  let summary: String
  /// Members that stand beside it, such as `then` and `else`.
  let siblings: [FieldDefinition]
  /// Whether event handlers, which have no effects, may do it too.
  let isLocal: Bool

  init(
    _ name: String, _ shape: FieldShape, siblings: [FieldDefinition] = [], isLocal: Bool = false,
    _ summary: String
  ) {
    self.name = name
    self.shape = shape
    self.summary = summary
    self.siblings = siblings
    self.isLocal = isLocal
  }

  init(
    _ name: String, isLocal: Bool = false, _ summary: String, _ fields: [FieldDefinition]
  ) {
    self.init(
      name, .object(ObjectDefinition(name: name, summary: summary, fields: fields)),
      isLocal: isLocal, summary)
  }

  /// What may stand in any step.
  static let modifiers: [FieldDefinition] = [
    FieldDefinition("label", .text, "A name that goto leads to."),
    FieldDefinition("when", .expression, "The step is left out unless this CEL condition holds."),
    FieldDefinition(
      "onError",
      .either([
        .choice(simpleReactions), .object(reaction),
        .map(.either([.choice(simpleReactions), .object(reaction)])),
      ]), initial: "fail",
      """
      What happens when the step fails: one reaction for all reasons, or a map from reason (Conflict, NotFound, \
      Exhausted, …; "*" for the rest) to reaction.
      """),
  ]

  static let modifierNames = modifiers.map(\.name)

  static let simpleReactions = ["fail", "retry", "ignore", "done", "requeue", "return"]

  static let reaction = ObjectDefinition(
    name: "reaction", summary: "A reaction with a target.",
    fields: [
      FieldDefinition("goto", .text, "Goes on at this label."),
      FieldDefinition(
        "requeue", .duration, "Ends the reconcile; the key comes back after this time."),
    ])

  /// The reasons of errors that a step can tell apart: Kubernetes' and those of pools.
  static let allocationReasons = [
    "Exhausted", "OwnerSealed", "NotOwner", "StaleGeneration", "UnknownPool", "UnknownItem",
    "NotReady", "Fenced", "Invalid", "Timeout", "Unavailable",
  ]

  static let all: [StepDefinition] = reads + writes + children + pools + flow + local

  private static let source = FieldDefinition(
    "from", .choice(["cache", "server"]), initial: "cache",
    "Where the read is answered: the informer's cache, which may be behind, or the server.")
  private static let kind = FieldDefinition(
    "kind", .text, initial: "the model's own", "The kind: kind, plural, short name or plural.group."
  )
  private static let namespace = FieldDefinition(
    "namespace", .expression, initial: "that of the key", "The namespace.")

  private static let reads: [StepDefinition] = [
    StepDefinition(
      "get", "Reads one object.",
      [
        kind,
        FieldDefinition("name", .expression, initial: "that of the key", "The object's name."),
        namespace, source,
        FieldDefinition("as", .name, initial: "object", "What the object is called from here on."),
        FieldDefinition(
          "missing", .either([.choice(["done", "continue", "fail"]), .object(reaction)]),
          initial: "done",
          "What happens where there is none; after continue the name stands for null."),
      ]),
    StepDefinition(
      "list", "Reads all objects of a kind, in the order of their keys.",
      [
        kind,
        FieldDefinition(
          "namespace", .expression, initial: "all", "The namespace; left out, all of them."),
        FieldDefinition("selector", .text, "A label selector as kubectl takes it."),
        FieldDefinition(
          "where", .expression,
          "A CEL condition over item; objects for which it is false are left out."),
        source,
        FieldDefinition("as", .name, isRequired: true, "What the list is called."),
      ]),
  ]

  private static let writeFields: [FieldDefinition] = [
    FieldDefinition("of", .name, initial: "object", "The object, by its name in the model."),
    FieldDefinition(
      "set", .map(.expression),
      "By path, CEL for what it becomes. Null, an empty list and an empty map take the field out."),
    FieldDefinition("remove", .list(.text), "Paths that are taken out."),
    FieldDefinition(
      "from", .choice(["object", "server"]), initial: "object",
      "What the change is made to: the object as it was read, or a copy read from the server just before."
    ),
    FieldDefinition(
      "resourceVersion", .boolean, initial: "true for update, false for mergePatch and jsonPatch",
      "Whether the write says which version it is based on, so that it loses against one that came first."
    ),
    FieldDefinition(
      "by", .choice(["update", "mergePatch", "jsonPatch"]), initial: "update",
      "How it is written: the whole object, or what differs."),
    FieldDefinition(
      "unchanged", .choice(["skip", "write"]), initial: "skip",
      "Whether an object that stays as it is is written all the same."),
    FieldDefinition("as", .name, initial: "of", "What the written object is called."),
    then,
    FieldDefinition(
      "changed", .name,
      "A name for whether something was written: true, or false where it was skipped."),
  ]

  private static let then = FieldDefinition(
    "then", .choice(["continue", "done"]), initial: "continue",
    "Whether the reconcile ends after the write, relying on the event that follows.")

  private static let finalizerFields: [FieldDefinition] = [
    FieldDefinition("of", .name, initial: "object", "The object, by its name in the model."),
    FieldDefinition("name", .text, initial: "spec.finalizer", "The finalizer."),
    FieldDefinition(
      "by", .choice(["update", "mergePatch", "jsonPatch"]), initial: "update",
      "How it is written. A merge patch replaces the whole list."),
    FieldDefinition(
      "resourceVersion", .boolean, initial: "true for update, false for mergePatch and jsonPatch",
      "Whether the write says which version it is based on."),
    FieldDefinition(
      "from", .choice(["object", "server"]), initial: "object",
      "What the change is made to: the object as it was read, or a copy read from the server just before."
    ),
    FieldDefinition("as", .name, initial: "of", "What the written object is called."),
    then,
  ]

  private static let writes: [StepDefinition] = [
    StepDefinition(
      "ensureFinalizer", "Adds the finalizer where it is missing; otherwise does nothing.",
      finalizerFields),
    StepDefinition(
      "removeFinalizer", "Takes the finalizer off where it stands, and leaves all others.",
      finalizerFields),
    StepDefinition(
      "update", "Writes the object (its status excepted, where that has an endpoint of its own).",
      writeFields + [
        FieldDefinition(
          "addFinalizer", .boolean, initial: "false", "Adds the model's finalizer too."),
        FieldDefinition(
          "removeFinalizer", .boolean, initial: "false", "Takes the model's finalizer off too."),
      ]),
    StepDefinition(
      "updateStatus", "Writes the object's status; paths begin below status.", writeFields),
  ]

  private static let children: [StepDefinition] = [
    StepDefinition(
      "create", "Makes an object.",
      [
        FieldDefinition("kind", .text, isRequired: true, "The kind."),
        FieldDefinition("name", .expression, "CEL for the name."),
        FieldDefinition(
          "generateName", .expression, "CEL for the beginning of a name that the server completes."),
        namespace,
        FieldDefinition(
          "template", .literal, "The object's content as it stands: metadata, spec, …."),
        FieldDefinition("set", .map(.expression), "By path, CEL for further content."),
        FieldDefinition(
          "addFinalizer", .boolean, initial: "false", "Whether it gets the model's finalizer."),
        FieldDefinition(
          "owner", .choice(["controller", "plain", "none"]), initial: "controller",
          "The reference to the model's object: as controller, without that, or none."),
        FieldDefinition("as", .name, "What the object is called, as the server has it."),
      ]),
    StepDefinition(
      "delete", "Deletes an object.",
      [
        FieldDefinition("of", .name, "The object, by its name in the model."),
        FieldDefinition("kind", .text, "The kind, where it is deleted by name."),
        FieldDefinition("name", .expression, "CEL for the name, where it is deleted by name."),
        namespace,
        FieldDefinition(
          "precondition", .list(.choice(["uid", "resourceVersion"])),
          "What must be as it was read for the deletion to happen."),
        FieldDefinition(
          "propagation", .choice(["Background", "Foreground", "Orphan"]),
          "What becomes of what the object owns."),
      ]),
  ]

  private static let pool = FieldDefinition(
    "pool", .expression, isRequired: true, "CEL for the pool's name.")
  private static let owner = FieldDefinition(
    "owner", .expression, initial: "object.metadata.uid", "CEL for the owner's UID.")
  private static let requestKey = FieldDefinition(
    "key", .text, initial: "default", "Which of the owner's requests it is.")

  private static let pools: [StepDefinition] = [
    StepDefinition(
      "allocate", "Takes items of a pool.",
      [
        pool,
        FieldDefinition("count", .expression, initial: "1", "How many in all."),
        FieldDefinition(
          "by", .choice(["owner", "raw"]), initial: "owner",
          "owner: asking again gives the same items. raw: asking twice takes twice."),
        requestKey,
        FieldDefinition("of", .name, initial: "object", "For which object."),
        FieldDefinition(
          "selector", .expression, "CEL for a map of attributes that items must have."),
        FieldDefinition(
          "matchAttribute", .expression, "CEL for an attribute that all items share; null for none."
        ),
        FieldDefinition("as", .name, initial: "grants", "What the grants are called."),
      ]),
    StepDefinition(
      "release", "Gives items back.",
      [
        pool,
        FieldDefinition(
          "by", .choice(["owner", "record", "name"]), initial: "owner",
          """
          owner: closes, seals and takes back all that the owner holds, and looks whether anything is left. record: \
          gives back items by name, generation and owner. name: frees items by name, whoever holds them.
          """),
        owner,
        FieldDefinition(
          "items", .expression,
          "CEL for the items: grants, maps with name (or item) and generation, or names."),
      ]),
    StepDefinition(
      "beginRelease", "Closes and seals what the owner holds; nothing more is handed out to it.",
      [pool, owner, FieldDefinition("as", .name, "What is being given back.")]),
    StepDefinition("finishRelease", "Takes back what the owner is giving back.", [pool, owner]),
    StepDefinition(
      "held", "Reads what the owner holds.",
      [
        pool, owner,
        FieldDefinition("as", .name, initial: "grants", "What the grants are called."),
      ]),
    StepDefinition(
      "ledger",
      "Reads everything that is out of a pool, whoever holds it, as a sweeper does first.",
      [pool, FieldDefinition("as", .name, initial: "grants", "What the grants are called.")]),
    StepDefinition(
      "rebuild", "Enters what objects record into books that begin empty; others stay as they are.",
      [
        pool,
        FieldDefinition(
          "records", .expression, isRequired: true,
          "CEL for a list of maps with item, owner (UID), and perhaps generation, holder, key, terminating."
        ),
        FieldDefinition(
          "complete", .boolean, initial: "true", "Whether these are all records that there are."),
        FieldDefinition("as", .name, "The records that were entered, as grants."),
      ]),
  ]

  private static let flow: [StepDefinition] = [
    StepDefinition("wait", .duration, "Waits, with the key in hand."),
    StepDefinition(
      "event", "Tells people something about the object, as kubectl describe shows it.",
      [
        FieldDefinition("of", .name, initial: "object", "The object."),
        FieldDefinition("reason", .text, isRequired: true, "One word."),
        FieldDefinition("message", .expression, isRequired: true, "CEL for a sentence."),
        FieldDefinition(
          "type", .choice(["Normal", "Warning"]), initial: "Normal", "How bad it is."),
      ]),
    StepDefinition(
      "random", "Draws a number, the same one whenever the run is repeated.",
      [
        FieldDefinition(
          "below", .expression, isRequired: true,
          "The number is from 0 up to this, which is left out."),
        FieldDefinition("as", .name, isRequired: true, "What the number is called."),
      ]),
    StepDefinition(
      "call", .text, "Runs the steps of a procedure; `return` in it comes back here."),
    StepDefinition(
      "return", .nothing, "Leaves the procedure, or ends the reconcile outside of one."),
    StepDefinition(
      "requeue",
      .either([
        .duration,
        .object(
          ObjectDefinition(
            name: "requeue", summary: "When the key comes back.",
            fields: [
              FieldDefinition(
                "after", .expression,
                "A duration, or CEL for one; left out, the delay of a failure.")
            ])),
        .nothing,
      ]), "Ends the reconcile; the key comes back."),
    StepDefinition(
      "fail",
      .either([
        .text,
        .object(
          ObjectDefinition(
            name: "fail", summary: "How it fails.",
            fields: [
              FieldDefinition("message", .expression, isRequired: true, "CEL for what is wrong."),
              FieldDefinition(
                "kind", .choice(["error", "terminal", "panic", "exit"]), initial: "error",
                """
                error: the key comes back with growing delays. terminal: it does not come back. panic: as an error, as \
                a recovered panic is. exit: the process stops.
                """),
            ])),
      ]), "Ends the reconcile with an error."),
    StepDefinition(
      "expect", isLocal: true,
      "Writes down for the key what events are to be seen before it is worked on again.",
      [
        FieldDefinition(
          "creates", .expression, initial: "0",
          "How many creations to see; negative ones count back."),
        FieldDefinition(
          "deletes", .expression, initial: "0",
          "How many deletions to see; negative ones count back."),
      ]),
    StepDefinition(
      "awaitExpectations",
      "Ends the reconcile while creations or deletions that were expected have not been seen.",
      [FieldDefinition("expiry", .duration, initial: "5m", "After this time they are seen as met.")]
    ),
  ]

  private static let local: [StepDefinition] = [
    StepDefinition(
      "if", .expression,
      siblings: [
        FieldDefinition("then", .steps, "What is done where the condition holds."),
        FieldDefinition("else", .steps, "What is done where it does not."),
      ], isLocal: true, "Chooses by a CEL condition."),
    StepDefinition(
      "forEach", .expression,
      siblings: [
        FieldDefinition("as", .name, isRequired: true, "What each element is called."),
        FieldDefinition("do", .steps, isRequired: true, "What is done with it."),
      ], isLocal: true, "Goes through a list that CEL gives."),
    StepDefinition(
      "set", .map(.expression), isLocal: true,
      "Names values, or changes variables. All are computed before any is set."),
    StepDefinition(
      "clock", isLocal: true, "Reads the clock of the process.",
      [
        FieldDefinition(
          "as", .name, initial: "now",
          "What the moment is called: a CEL timestamp, in variables its text.")
      ]),
    StepDefinition("goto", .text, isLocal: true, "Goes on at a label."),
    StepDefinition("label", .text, isLocal: true, "A place that goto leads to."),
    StepDefinition(
      "done", .nothing, isLocal: true,
      "Ends the reconcile, or the handler; the key comes back with the next event."),
    StepDefinition(
      "enqueue", isLocal: true, "In a handler: queues a key besides.",
      [
        FieldDefinition("name", .expression, isRequired: true, "CEL for the name."),
        FieldDefinition(
          "namespace", .expression, initial: "that of the key", "CEL for the namespace."),
        FieldDefinition("after", .expression, "A duration, or CEL for one."),
      ]),
    StepDefinition(
      "drop", .nothing, isLocal: true, "In a handler: ends it, and the event queues nothing."),
    StepDefinition(
      "forget", .either([.list(.text), .nothing]), isLocal: true,
      "Sets the named variables, or all of the object's, back to what they were at first."),
  ]
}
