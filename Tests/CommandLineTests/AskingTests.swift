import Foundation
import Testing

@Suite("Ways to ask, as kubectl understands them")
struct AskingTests {
  private let manifests = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: a, labels: {app: web, example.com/tier: front}}
    data: {v: "2"}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: b, labels: {app: db}}
    data: {v: "1"}
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: s}

    """

  /// Runs a command on a cluster with three objects; standard error follows standard output.
  private func withObjects(_ body: (URL, (String...) throws -> String) throws -> Void) throws {
    try Program.withFolder { folder in
      #expect(
        try Program.run("apply", "-f", "-", input: manifests, folder: folder).code == 0)
      try body(folder) { (arguments: String...) in
        let run = try Program.runAll(arguments, folder: folder)
        return run.output + run.error + (run.code == 0 ? "" : "[\(run.code)]")
      }
    }
  }

  @Test(
    "Names behind a kind, several kinds, kind/name; what is there is shown although some is not")
  func names() throws {
    try withObjects { (_: URL, drydock: (String...) throws -> String) throws in
      #expect(try drydock("get", "cm", "b", "a", "-o", "name") == "configmap/b\nconfigmap/a\n")
      #expect(
        try drydock("get", "cm,secret", "-o", "name")
          == "configmap/a\nconfigmap/b\nsecret/s\n")
      #expect(
        try drydock("get", "secret/s", "cm/b", "cm/a", "-o", "name")
          == "secret/s\nconfigmap/b\nconfigmap/a\n")
      #expect(
        try drydock("get", "cm", "zz", "a", "-o", "name")
          == "configmap/a\nError from server (NotFound): configmaps \"zz\" not found\n[1]")
      #expect(try drydock("get", "cm", "zz", "--ignore-not-found").isEmpty)
      #expect(try drydock("get", "cm", "zz", "-o", "json", "--ignore-not-found").isEmpty)
      let several = try drydock("get", "cm/a", "cm/b")
      #expect(several.hasPrefix("NAME   DATA   AGE\na ") && !several.contains("\n\n"))
      #expect(try drydock("get", "cm,secret").contains("\nsecret/s "))
      #expect(try drydock("get", "cm", "a", "-A").contains("by name across all namespaces"))
      #expect(try drydock("get", "pods,svc") == "No resources found in default namespace.\n")
      #expect(try drydock("get", "ns", "-l", "x=y") == "No resources found\n")
      #expect(try drydock("get", "cm", "-A", "-l", "x=y") == "No resources found\n")
    }
  }

  @Test("Labels as columns, sorting, and one List for several objects")
  func forms() throws {
    try withObjects { (folder: URL, drydock: (String...) throws -> String) throws in
      let columns = try drydock("get", "cm", "-L", "app,example.com/tier", "--no-headers")
      #expect(columns.contains(#/^a   1   \d+s   web   front\nb   1   \d+s   db\n$/#))
      #expect(
        try drydock("get", "cm", "-L", "app,example.com/tier").hasPrefix(
          "NAME   DATA   AGE   APP   TIER\n"))
      #expect(
        try drydock("get", "cm", "--sort-by", "{.data.v}", "-o", "name")
          == "configmap/b\nconfigmap/a\n")
      let list = try drydock("get", "cm", "a", "b", "-o", "json")
      #expect(list.contains("\"kind\": \"List\"") && list.contains("\"resourceVersion\": \"\""))
      #expect(try drydock("get", "cm", "a", "-o", "json").contains("\"kind\": \"ConfigMap\""))
      #expect(
        try drydock("get", "cm", "-o", "jsonpath-as-json={.items[*].data.v}")
          == "[\n    \"2\",\n    \"1\"\n]\n")
      try Data("{.items[*].data.v}\n".utf8).write(to: folder.appending(path: "path"))
      #expect(try drydock("get", "cm", "-o", "jsonpath-file=path") == "2 1\n")
      try Data("N V\n.metadata.name .data.v\n".utf8).write(to: folder.appending(path: "columns"))
      #expect(
        try drydock("get", "cm", "-o", "custom-columns-file=columns")
          == "N   V\na   2\nb   1\n")
      try Data(manifests.utf8).write(to: folder.appending(path: "m.yaml"))
      #expect(
        try drydock("get", "-f", "m.yaml", "-o", "name")
          == "configmap/a\nconfigmap/b\nsecret/s\n")
    }
  }

  @Test(
    "A form that there is not is refused, and says what is meant",
    arguments: [
      ("go-template={{.x}}", "Go templates are not supported"), ("jsn", "did you mean json?"),
      ("jsonpath", "jsonpath needs a template: -o jsonpath=…"),
      ("custom-columns=", "custom-columns needs a template"),
      ("custom-columns=A", "expected <header>:<json-path-expr>"),
      ("jsonpath={.a", "invalid JSONPath"), ("jsonpath-file=nowhere", "cannot read nowhere"),
    ])
  func refusedForms(_ form: String, _ words: String) throws {
    let run = try Program.run("get", "cm", "--state", "none", "-o", form)
    #expect(run.code == 2 && run.output.isEmpty)
    #expect(run.error.contains(words), "\(run.error)")
  }

  @Test("Deleting by all, labels and fields; words about grace are understood")
  func delete() throws {
    try withObjects { (_: URL, drydock: (String...) throws -> String) throws in
      #expect(try drydock("delete", "cm").contains("no name was specified"))
      #expect(try drydock("delete", "cm", "a", "--all").contains("name cannot be provided"))
      #expect(try drydock("delete", "cm", "--all", "-l", "a=b").contains("choose --all or"))
      #expect(try drydock("delete", "cm", "-l", "app=none") == "No resources found\n")
      #expect(
        try drydock("delete", "cm", "zz")
          == "Error from server (NotFound): configmaps \"zz\" not found\n[1]")
      #expect(try drydock("delete", "cm", "zz", "--ignore-not-found").isEmpty)
      #expect(try drydock("delete", "cm", "-l", "app=web", "--now") == "configmap \"a\" deleted\n")
      #expect(
        try drydock("delete", "cm/b", "--force", "--grace-period", "0")
          == "configmap \"b\" force deleted\n")
      #expect(try drydock("delete", "secrets", "--all", "-A", "-o", "name") == "secret/s\n")
      #expect(
        try drydock("delete", "cm/b", "--force", "--grace-period", "5").contains("cannot be"))
    }
  }

  @Test(
    "A wrong command, flag or kind is told with what may be meant",
    arguments: [
      (["aply"], "did you mean \"apply\"?"), (["create"], "did you mean \"apply\"?"),
      (["ls"], "did you mean \"get\"?"),
      (["get", "devicebindngs"], "did you mean \"devicebindings\"?"),
      (["get", "db", "--wach"], "Did you mean '--watch'?"),
      (["get", "db", "--selctor", "x"], "Did you mean '--selector'?"),
      (["delete", "gpuclam", "x"], "did you mean \"gpuclaim\"?"),
      (["get"], "You must specify the type of resource to get"),
    ])
  func suggestions(_ arguments: [String], _ words: String) throws {
    try Program.withFolder { folder in
      let run = try Program.runAll(arguments, folder: folder)
      #expect(run.code == 2 && run.output.isEmpty)
      #expect(run.error.contains(words), "\(run.error)")
    }
  }

  @Test("Each command's help has examples, and no line is wider than eighty columns")
  func help() throws {
    let root = try Program.run("--help").output
    let names = root.matches(of: #/(?m)^  ([a-z]+)  /#).map { String($0.output.1) }
    #expect(names.count == 16)
    for name in names {
      let help = try Program.run(name, "--help")
      #expect(help.code == 0 && help.output.contains("\nEXAMPLES\n  drydock"), "\(name)")
      for line in (root + help.output).split(separator: "\n") {
        #expect(line.count <= 80, "\(name): \(line)")
      }
    }
  }

  @Test("The version is there as a command and as a flag")
  func version() throws {
    let command = try Program.run("version")
    let flag = try Program.run("--version")
    #expect(flag.code == 0 && flag.output == command.output)
  }

  @Test("A binary without the server says so, and how to have one that has it")
  func serverLeftOut() throws {
    // A full build serves instead, which its own tests try.
    guard ProcessInfo.processInfo.environment["DRYDOCK_CORE_ONLY"] == "1" else { return }
    let serve = try Program.run("serve", "--port", "0")
    #expect(serve.code == 2 && serve.output.isEmpty)
    #expect(serve.error.contains("built without the server"))
    #expect(serve.error.contains("DRYDOCK_CORE_ONLY=0"))
  }
}
