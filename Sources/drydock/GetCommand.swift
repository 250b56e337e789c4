import APIMachinery
import ArgumentParser
import LocalCluster
import Reporting
import ValueTree

/// `drydock get`.
struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Show objects of the local cluster.",
    discussion: """
      EXAMPLES
        drydock get devicebindings
        drydock get pools,devicebindings -A -o wide
        drydock get db/train -o yaml
        drydock get db -l team=vision -o jsonpath='{.items[*].metadata.name}'
        drydock get db -o custom-columns=NAME:.metadata.name,GPU:.status.devices[*].name
      """)

  @Argument(help: "A kind and names, kinds with commas between, or kind/name.")
  var objects: [String]

  @Option(name: .shortAndLong, help: "wide, json, yaml, name, jsonpath=…, custom-columns=….")
  var output: String?

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

  @Flag(help: "Leave the header out.")
  var noHeaders = false

  @Flag(help: "What is not there is no error.")
  var ignoreNotFound = false

  @OptionGroup var cluster: ClusterOptions

  func run() throws {
    try reportingMistakes {
      let format = try OutputFormat(output)
      let labels = try LabelSelector(parsing: selector ?? "")
      let fields = try FieldSelector(parsing: fieldSelector ?? "")
      let session = try cluster.read()
      let arguments = try ObjectArguments(objects, session)
      var found: [(type: ResourceType, objects: [APIObject])] = []
      var errors: [String] = []
      for (type, names) in arguments.selections {
        do throws(StatusError) {
          let query = ClusterSession.Query(
            namespace: allNamespaces ? nil : cluster.namespace, names: names,
            labels: labels, fields: fields)
          found.append((type, try sorted(session.objects(of: type, query))))
        } catch {
          if !(ignoreNotFound && error.isNotFound) { errors.append(refusalText(error)) }
        }
      }
      show(found, format, isOne: isOne(arguments), session)
      for error in errors { Console.error(error) }
      if !errors.isEmpty { throw ExitCode.violated }
    }
  }

  private func isOne(_ arguments: ObjectArguments) -> Bool {
    arguments.selections.count == 1 && arguments.selections[0].names.count == 1
  }

  private func sorted(_ objects: [APIObject]) throws(StatusError) -> [APIObject] {
    guard let sortBy else { return objects }
    let path: JSONPath
    do { path = try JSONPath(sortBy) } catch { throw StatusError(.badRequest, "\(error)") }
    let keyed = objects.enumerated().map {
      (path.values($0.element.value).first, $0.offset, $0.element)
    }
    return keyed.sorted { left, right in
      guard let a = left.0, let b = right.0 else { return left.0 == nil && right.0 != nil }
      if let x = a.double, let y = b.double, x != y { return x < y }
      let (x, y) = (a.string ?? a.description, b.string ?? b.description)
      return x == y ? left.1 < right.1 : x < y
    }.map(\.2)
  }

  private func show(
    _ found: [(type: ResourceType, objects: [APIObject])], _ format: OutputFormat, isOne: Bool,
    _ session: ClusterSession
  ) {
    if let lines = format.lines(found.flatMap(\.objects), isOne: isOne) {
      if !(found.isEmpty && isOne) { Console.print(lines) }
      return
    }
    var isWide = false
    if case .table(let wide) = format { isWide = wide }
    let shown = found.filter { !$0.objects.isEmpty }
    if shown.isEmpty, !found.isEmpty {
      let isScoped = !allNamespaces && found.allSatisfy { $0.type.definition.isNamespaced }
      Console.error(
        "No resources found" + (isScoped ? " in \(cluster.namespace) namespace." : ""))
      return
    }
    var lines: [String] = []
    for (type, objects) in shown {
      if !lines.isEmpty { lines.append("") }
      lines += ObjectTable.lines(
        objects, of: type,
        ObjectTable.Options(
          showsNamespace: allNamespaces, isWide: isWide, showsKind: found.count > 1,
          showsLabels: showLabels, hidesHeader: noHeaders, now: session.now))
    }
    if !lines.isEmpty { Console.print(lines) }
  }
}
