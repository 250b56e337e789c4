import CSQLite
import Foundation
import Testing

@Suite("The state file: whole or not at all, and never overwritten when it is not ours")
struct StateFileTests {
  private static let quickstart = Program.root.appending(path: "manifests/quickstart")
    .path(percentEncoded: false)

  @Test("Commands at the same time do not lose each other's work")
  func together() throws {
    try Program.withFolder { folder in
      var processes: [Process] = []
      for index in 0..<6 {
        let file = folder.appending(path: "\(index).yaml")
        try Data(
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m-\(index)}\n".utf8
        ).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: Program.path)
        process.arguments = ["apply", "-f", file.path(percentEncoded: false)]
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        processes.append(process)
      }
      for process in processes { try process.run() }
      for process in processes {
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
      }
      let all = try Program.run("get", "cm", "-o", "name", folder: folder)
      #expect(all.output.split(separator: "\n").count == 6, "\(all.output)")
    }
  }

  @Test("A newer, a damaged and a foreign file are told apart and left alone")
  func notOurs() throws {
    try Program.withFolder { folder in
      _ = try Program.run("apply", "-f", Self.quickstart, folder: folder)
      let path = folder.appending(path: ".drydock/cluster.db")
      let good = try Data(contentsOf: path)
      var newer = good
      newer[63] = 99
      var damaged = good
      for place in stride(from: 4_200, to: good.count, by: 7) { damaged[place] ^= 0x5A }
      let cases: [(String, Data, String)] = [
        ("newer", newer, "written by a newer Drydock"), ("garbled", damaged, "damaged"),
        ("cut", good.prefix(good.count / 2), "damaged"),
        ("foreign", Data("hello, world\n".utf8), "not a Drydock state file"),
      ]
      for (name, bytes, words) in cases {
        let file = folder.appending(path: "\(name).db")
        try bytes.write(to: file)
        for arguments in [["get", "db"], ["apply", "-f", Self.quickstart]] {
          let run = try Program.runAll(
            arguments + ["--state", "\(name).db"], folder: folder)
          #expect(run.code == 2, "\(name): \(run.output)")
          #expect(run.error.contains(words), "\(name): \(run.error)")
          #expect(try Data(contentsOf: file) == bytes, "\(name) was written to")
        }
      }
    }
  }

  @Test(
    "A file of the format before this one is read, left as it is, and migrated when it is written to"
  )
  func migrated() throws {
    try Program.withFolder { folder in
      func objects(_ pool: String, _ spec: String, _ claim: String) -> String {
        "apiVersion: drydock.dev/v1alpha1\nkind: Pool\nmetadata: {name: \(pool)}\nspec: {\(spec)}\n"
          + "---\napiVersion: drydock.dev/v1alpha1\nkind: \(claim)\nmetadata: {name: \(pool)}\n"
          + "spec: {pool: \(pool)}\n"
      }
      // Pools that do not go on from the last item have the same rows in both formats but for the column.
      let before = objects("gpus", "type: gpu, count: 2", "GPUClaim")
      let after = objects("ips", "type: ip, cidrs: [10.0.0.0/28], policy: nextFit", "IPClaim")
      _ = try Program.run("apply", "-f", "-", input: before, folder: folder)
      let file = folder.appending(path: ".drydock/cluster.db")
      let path = file.path(percentEncoded: false)
      let holders = try Program.run("holders", folder: folder).output
      // What the first format had not.
      try execute("ALTER TABLE pools DROP COLUMN last; PRAGMA user_version = 1", on: path)
      let old = try Data(contentsOf: file)
      #expect(old[63] == 1)
      #expect(try Program.run("holders", folder: folder).output == holders)
      #expect(try Data(contentsOf: file) == old, "reading has changed the file")
      let applied = try Program.run("apply", "-f", "-", input: after, folder: folder)
      #expect(applied.code == 0, "\(applied.error)")
      // The next commands go on from the new format.
      let gone = try Program.run("delete", "ipclaim/ips", "pool/ips", folder: folder)
      #expect(gone.code == 0, "\(gone.error)")
      #expect(try Program.run("holders", folder: folder).output == holders)
      #expect(try Data(contentsOf: file)[63] == 2)
    }
  }

  private func execute(_ statements: String, on path: String) throws {
    var database: OpaquePointer?
    defer { unsafe sqlite3_close(database) }
    try #require(unsafe sqlite3_open(path, &database) == SQLITE_OK)
    try #require(unsafe sqlite3_exec(database, statements, nil, nil, nil) == SQLITE_OK)
  }

  @Test("A pool goes on where it was: an address that was given back rests, also across commands")
  func nextFit() throws {
    try Program.withFolder { folder in
      func claim(_ name: String) -> String {
        "apiVersion: drydock.dev/v1alpha1\nkind: IPClaim\nmetadata: {name: \(name)}\n"
          + "spec: {pool: ips}\n"
      }
      let pool =
        "apiVersion: drydock.dev/v1alpha1\nkind: Pool\nmetadata: {name: ips}\n"
        + "spec: {type: ip, cidrs: [10.0.0.0/28], policy: nextFit}\n---\n"
      _ = try Program.run("apply", "-f", "-", input: pool + claim("a"), folder: folder)
      _ = try Program.run("apply", "-f", "-", input: claim("b"), folder: folder)
      _ = try Program.run("delete", "ipclaim", "a", "b", folder: folder)
      // The pool is applied again as well, which keeps the place.
      _ = try Program.run("apply", "-f", "-", input: pool + claim("c"), folder: folder)
      let got = try Program.run(
        "get", "ipclaim/c", "-o", "jsonpath={.status.addresses[0].ip}", folder: folder)
      #expect(got.output == "10.0.0.3\n")
    }
  }

  @Test("Who looks sees what is held of a pool whose books are in its controllers' memory")
  func memory() throws {
    try Program.withFolder { folder in
      let manifest = """
        apiVersion: drydock.dev/v1alpha1
        kind: Pool
        metadata: {name: gpus}
        spec: {type: gpu, count: 2, backing: memory}
        ---
        apiVersion: drydock.dev/v1alpha1
        kind: GPUClaim
        metadata: {name: a}
        spec: {pool: gpus}
        """
      #expect(try Program.run("apply", "-f", "-", input: manifest, folder: folder).code == 0)
      let held = try Program.run("holders", folder: folder)
      #expect(held.output.contains("gpus   gpu-0   GPUClaim default/a   #1      Open\n"))
      let claim = try Program.run("holders", "gpuclaim/a", folder: folder)
      #expect(claim.output.contains("gpu-0"))
      let described = try Program.run("describe", "gpuclaim/a", folder: folder)
      #expect(described.output.contains("gpu-0 of pool gpus"), "\(described.output)")
      let life = try Program.run("holders", "gpu-0", folder: folder)
      #expect(!life.output.contains("forgotten"), "\(life.output)")
    }
  }

  @Test("A pool of a million addresses is shown in a few lines, its neighbour in full")
  func large() throws {
    try Program.withFolder { folder in
      let pools = """
        apiVersion: drydock.dev/v1alpha1
        kind: Pool
        metadata: {name: all}
        spec: {type: ip, cidrs: [10.0.0.0/12]}
        ---
        apiVersion: drydock.dev/v1alpha1
        kind: Pool
        metadata: {name: few}
        spec: {type: gpu, count: 3}
        """
      _ = try Program.run("apply", "-f", "-", input: pools, folder: folder)
      let shown = try Program.run("holders", "--free", folder: folder)
      let lines = shown.output.split(separator: "\n")
      #expect(lines.count == 1 + 8 + 3 + 1, "\(shown.output)")
      #expect(lines.last == "… and 1048566 more free items of pool all")
      #expect(shown.output.contains("few    gpu-2"))
      let one = try Program.run("holders", "10.15.255.254", folder: folder)
      #expect(one.output.contains("nobody ever had it"))
      let item = try Program.run("holders", "all/10.0.0.9", folder: folder)
      #expect(item.output.contains("The life of 10.0.0.9 of pool all:"))
    }
  }

  @Test("Many objects are deleted in one go, pools after their holders")
  func manyDeleted() throws {
    try Program.withFolder { folder in
      var manifest = "apiVersion: drydock.dev/v1alpha1\nkind: Pool\nmetadata: {name: ports}\n"
      manifest += "spec: {type: port, ranges: [20000-30000]}\n"
      for index in 0..<600 {
        manifest += "---\napiVersion: drydock.dev/v1alpha1\nkind: PortClaim\n"
        manifest += "metadata: {name: c\(index)}\nspec: {pool: ports}\n"
      }
      let file = folder.appending(path: "many.yaml")
      try Data(manifest.utf8).write(to: file)
      #expect(try Program.run("apply", "-f", "many.yaml", folder: folder).code == 0)
      let start = ContinuousClock.now
      let deleted = try Program.run("delete", "-f", "many.yaml", folder: folder)
      #expect(deleted.code == 0 && deleted.error.isEmpty, "\(deleted.error.prefix(500))")
      #expect(deleted.output.split(separator: "\n").count == 601)
      #expect(try Program.run("holders", folder: folder).output.isEmpty)
      // A look at all objects for each of them took minutes.
      #expect(ContinuousClock.now - start < .seconds(30))
    }
  }
}
