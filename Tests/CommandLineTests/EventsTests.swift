import Foundation
import Testing

@Suite("Events in the local cluster: get events, and describe")
struct EventsTests {
  private let manifests = """
    apiVersion: drydock.dev/v1alpha1
    kind: Pool
    metadata: {name: p}
    spec: {type: gpu, count: 1}
    ---
    apiVersion: drydock.dev/v1alpha1
    kind: GPUClaim
    metadata: {name: a}
    spec: {pool: p}
    ---
    apiVersion: drydock.dev/v1alpha1
    kind: GPUClaim
    metadata: {name: b}
    spec: {pool: p}

    """

  @Test("What controllers said is shown in kubectl's columns, with the object that it is about")
  func events() throws {
    try Program.withFolder { folder in
      func text(_ arguments: String...) throws -> String {
        let run = try Program.runAll(arguments, folder: folder)
        return (run.output + run.error).replacing(#/\b\ds/#, with: "0s")
      }
      #expect(try text("get", "events") == "No resources found in default namespace.\n")
      _ = try Program.run("apply", "-f", "-", input: manifests, folder: folder)
      #expect(
        try text("get", "events") == """
          LAST SEEN   TYPE      REASON          OBJECT       MESSAGE
          0s          Normal    Allocated       gpuclaim/a   Got gpu-0 from pool p
          0s          Warning   PoolExhausted   gpuclaim/b   pool "p" is exhausted: 1 wanted, 0 free

          """)
      #expect(
        try text("get", "ev", "--field-selector", "involvedObject.name=b", "--no-headers")
          .hasPrefix("0s   Warning   PoolExhausted"))
      #expect(
        try text("get", "events", "-o", "wide").hasPrefix(
          "LAST SEEN   TYPE      REASON          OBJECT       SUBOBJECT   SOURCE       MESSAGE"))
      // The same said again by a new process is nothing new: the status had it already.
      _ = try Program.run("apply", "-f", "-", input: manifests, folder: folder)
      #expect(
        try text("get", "events", "-o", "jsonpath={.items[*].count} {.items[*].type}")
          == "1 1 Normal Warning\n")
      let described = try text("describe", "gpuclaim/b")
      #expect(
        described.hasSuffix(
          """
          Events:
            Type     Reason         Age   From        Message
            ----     ------         ----  ----        -------
            Warning  PoolExhausted  0s    gpu-claims  pool "p" is exhausted: 1 wanted, 0 free

          """))
      #expect(try text("describe", "pool/p").hasSuffix("Events:  <none>\n"))
      #expect(try !text("describe", "gpuclaim/b", "--no-show-events").contains("Events"))
    }
  }

  @Test("Who is gone has told why; who waited tells what it got")
  func afterwards() throws {
    try Program.withFolder { folder in
      _ = try Program.run("apply", "-f", "-", input: manifests, folder: folder)
      #expect(try Program.run("delete", "gpuclaim", "a", folder: folder).code == 0)
      let told = try Program.run(
        "get", "events", "--sort-by", ".metadata.resourceVersion", "-o",
        "custom-columns=O:.involvedObject.name,R:.reason", "--no-headers", folder: folder)
      #expect(
        told.output == "a   Allocated\nb   PoolExhausted\na   Released\nb   Allocated\n")
    }
  }
}
