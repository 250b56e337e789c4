import APIMachinery
import ArgumentParser
import Glibc
import LocalCluster
import Reporting
import Scalars
import YAMLCoding

/// `drydock get`.
struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Show objects of the local cluster.",
    discussion: """
      Kinds may be named by plural, singular, short name or category (drydock, all), with the group behind: \
      pods, pod, po, deployments.apps.

      EXAMPLES
        drydock get devicebindings
        drydock get pools,devicebindings -A -o wide
        drydock get db/train -o yaml
        drydock get db -l team=vision -o jsonpath='{.items[*].metadata.name}'
        drydock get db -o custom-columns=NAME:.metadata.name,POOL:.spec.pool
        drydock get events --sort-by .lastTimestamp
        drydock get db --watch
      """)

  @Argument(help: "A kind and names, kinds with commas between, or kind/name.")
  var objects: [String] = []

  @Option(
    name: .shortAndLong,
    help:
      "wide, json, yaml, name, jsonpath=…, jsonpath-file=…, custom-columns=…, custom-columns-file=…."
  )
  var output: String?

  @Option(name: .shortAndLong, help: "Show the objects that these manifests name.")
  var filename: [String] = []

  @Flag(name: [.customShort("R"), .long], help: "With -f: look into directories below, too.")
  var recursive = false

  @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
  var allNamespaces = false

  @Option(name: [.customShort("l"), .long], help: "Choose by labels.")
  var selector: String?

  @Option(help: "Choose by fields, such as metadata.name=a or status.phase=Bound.")
  var fieldSelector: String?

  @Option(help: "Sort by a field: .metadata.creationTimestamp.")
  var sortBy: String?

  @Flag(help: "Show labels.")
  var showLabels = false

  @Option(
    name: [.customShort("L"), .long], help: "Labels that get a column, with commas between.")
  var labelColumns: [String] = []

  @Flag(help: "Show the kind before the name.")
  var showKind = false

  @Flag(help: "Leave the header out.")
  var noHeaders = false

  @Flag(help: "What is not there is no error.")
  var ignoreNotFound = false

  @Flag(name: .shortAndLong, help: "After the list, show each change as it comes, until Ctrl-C.")
  var watch = false

  @Flag(help: "Show changes only, without the list.")
  var watchOnly = false

  @Flag(help: "With --watch: say whether an object was added, modified or deleted.")
  var outputWatchEvents = false

  @Option(help: "With --watch: stop after this time: 5s, 1m; 0 never stops.")
  var requestTimeout: String = "0"

  @OptionGroup var cluster: ClusterOptions

  func validate() throws {
    if objects.isEmpty, filename.isEmpty {
      throw ValidationError(
        "You must specify the type of resource to get: pools, devicebindings, events, …")
    }
    if !objects.isEmpty, !filename.isEmpty {
      throw ValidationError("name objects, or manifests with -f, not both")
    }
    if outputWatchEvents, !isWatching {
      throw ValidationError(
        "--output-watch-events option can only be used with --watch or --watch-only")
    }
    _ = try timeout()
    _ = try OutputFormat(output)
  }

  private var isWatching: Bool { watch || watchOnly }

  func run() throws {
    try reportingMistakes {
      let format = try OutputFormat(output)
      if isWatching { return try showChanges(format) }
      let session = try cluster.read()
      let found = try select(session)
      let printer = ObjectPrinter(format: format, options: options(found, format, session))
      Console.print(printer.lines(found))
      let isTable: Bool
      if case .table = format { isTable = true } else { isTable = false }
      if isTable, found.isEmpty, found.errors.isEmpty, !ignoreNotFound {
        let isScoped = !allNamespaces && found.types.contains { $0.definition.isNamespaced }
        Console.error(
          "No resources found" + (isScoped ? " in \(cluster.namespace) namespace." : ""))
      }
      for error in found.errors { Console.error(error) }
      if !found.errors.isEmpty { throw ExitCode.violated }
    }
  }

  private func select(_ session: ClusterSession) throws -> ObjectSelection {
    let arguments = try ObjectArguments(
      objects, filename, isRecursive: recursive, cluster, session)
    var query = ClusterSession.Query(
      namespace: allNamespaces ? nil : cluster.namespace,
      labels: try LabelSelector(parsing: selector ?? ""))
    query.fields = try FieldSelector(parsing: fieldSelector ?? "")
    return try ObjectSelection(
      arguments, query, in: session, sortedBy: sortBy, ignoresMissing: ignoreNotFound)
  }

  private func options(
    _ found: ObjectSelection, _ format: OutputFormat, _ session: ClusterSession
  ) -> ObjectTable.Options {
    var isWide = false
    if case .table(let wide) = format { isWide = wide }
    return ObjectTable.Options(
      showsNamespace: allNamespaces, isWide: isWide,
      showsKind: showKind || found.types.count > 1, showsLabels: showLabels,
      labelColumns: labelColumns.flatMap { $0.split(separator: ",").map(String.init) },
      hidesHeader: noHeaders, now: session.now)
  }

  // MARK: Watching

  private func timeout() throws -> GoDuration? {
    if let seconds = Int64(requestTimeout) { return seconds > 0 ? .seconds(seconds) : nil }
    guard let duration = try? GoDuration(parsing: requestTimeout), duration >= .zero else {
      throw ValidationError(
        "--request-timeout is \(requestTimeout); expected a time such as 5s, 1m or 500ms")
    }
    return duration == .zero ? nil : duration
  }

  private func showChanges(_ format: OutputFormat) throws {
    guard cluster.state != "none" else {
      throw SourceDiagnostic(
        "a cluster in memory has nobody who could change it", at: nil,
        expected: "--watch with a state file")
    }
    let end = try timeout().map { WallClock.now + $0 }
    let source = StateWatch(path: cluster.state)
    var known: [APIObject]?
    var stream: ObjectStream?
    repeat {
      guard let state = try source.next() else { continue }
      let session = try ClusterSession(
        state: state, now: WallClock.now, isLookedAt: true)
      let found = try select(session)
      if found.types.count > 1 {
        Console.error("error: you may only specify a single resource type")
        throw ExitCode.violated
      }
      var options = options(found, format, session)
      options.showsKind = showKind
      var printer =
        stream ?? ObjectStream(format: format, options: options, showsKinds: outputWatchEvents)
      printer.now = session.now
      if let known {
        Console.print(printer.lines(ObjectChanges.between(known, found.objects)))
      } else {
        if !found.errors.isEmpty {
          for error in found.errors { Console.error(error) }
          throw ExitCode.violated
        }
        if !watchOnly {
          Console.print(printer.lines(found.objects.map { WatchEvent(.added, $0) }))
        }
      }
      known = found.objects
      stream = printer
    } while !Console.isAbandoned(afterMilliseconds: 50) && (end.map { WallClock.now < $0 } ?? true)
  }
}
