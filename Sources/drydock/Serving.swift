#if DRYDOCK_SERVER
  import APIMachinery
  import APIServerHTTP
  import ArgumentParser
  import Glibc
  import LocalCluster
  import Scalars
  import Scenarios
  import ValueTree
  import YAMLCoding

  /// What `drydock serve` does: starts a server, says where it is, and waits until it is told to end.
  struct Serving {
    let command: ServeCommand

    func run() throws {
      APIListener.prepareHeap()
      let signals = StopSignals()
      let config = KubeconfigFile(path: command.kubeconfig, merges: command.mergeKubeconfig)
      if command.kubeconfig != "none" { try config.check() }
      let cluster = try Self.cluster(command)
      if !command.filename.isEmpty {
        try Self.apply(command.filename, isRecursive: command.recursive, to: cluster)
      }
      let listener: APIListener
      do {
        listener = try APIListener.start(
          cluster, port: command.port, clock: { WallClock.now },
          report: { Console.error($0) }, failure: { StopSignals.raise() })
      } catch {
        Console.error("error: cannot listen on port \(command.port): \(error)")
        throw ExitCode.badInput
      }
      var lines = ["Serving the Kubernetes API on \(listener.url)"]
      if command.kubeconfig != "none" {
        try config.write(url: listener.url)
        lines.append("export KUBECONFIG=\(config.absolutePath)")
      }
      Console.print(lines)
      signals.wait()
      listener.stop()
    }

    private static func cluster(_ command: ServeCommand) throws -> sending ServedCluster {
      let interval: GoDuration
      do { interval = try GoDuration(parsing: command.compactionInterval) } catch {
        throw SourceDiagnostic("--compaction-interval: \(error)", at: nil, expected: "5m, or 0")
      }
      guard interval >= .zero else {
        throw SourceDiagnostic(
          "--compaction-interval \(command.compactionInterval) is negative", at: nil,
          expected: "5m, or 0")
      }
      return try ServedCluster(
        path: command.state == "none" ? nil : command.state,
        controllers: try controllers(command.controllers),
        compactionInterval: interval == .zero ? nil : interval, now: WallClock.now)
    }

    /// The controllers that a person has named, or all that lose nothing.
    private static func controllers(_ text: String?) throws -> ControllerRegistry {
      guard let text else { return .local }
      let known = ControllerRegistry.builtIn
      let names =
        text == "none"
        ? [] : text.split(separator: ",").map { $0.filter { $0 != " " } }
      for name in names where !known.names.contains(name) {
        throw SourceDiagnostic(
          "there is no controller \"\(name)\"", at: nil,
          expected: known.names.joined(separator: ", "))
      }
      return known.only(names) ?? known
    }

    private static func apply(
      _ names: [String], isRecursive: Bool, to cluster: ServedCluster
    ) throws {
      let files = ManifestFiles(isRecursive: isRecursive, validation: .strict)
      let content = try files.content(of: names, registry: cluster.registry)
      guard content.mistakes.isEmpty else { throw Mistakes(all: content.mistakes) }
      var isRefused = false
      for outcome in cluster.apply(content.manifests) {
        let name = "\(outcome.type.qualifiedSingular)/\(outcome.key.name)"
        switch outcome.result {
        case .success(let verb): Console.error("\(name) \(verb.rawValue)")
        case .failure(let error):
          Console.error(refusalText(error))
          isRefused = true
        }
      }
      if isRefused { throw ExitCode.violated }
      try cluster.commit()
    }
  }

  /// The signals that end a server: held back from all threads, and waited for by one.
  struct StopSignals {
    init() {
      var set = Self.set
      unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for one of them.
    func wait() {
      var set = Self.set
      var signal: Int32 = 0
      while unsafe sigwait(&set, &signal) != 0 {}
    }

    /// Ends this process as a signal from outside would.
    static func raise() { kill(getpid(), SIGTERM) }

    private static var set: sigset_t {
      var set = sigset_t()
      unsafe sigemptyset(&set)
      unsafe sigaddset(&set, SIGTERM)
      unsafe sigaddset(&set, SIGINT)
      return set
    }
  }

  /// A kubeconfig on disk; a person's own is not written over.
  struct KubeconfigFile {
    let path: String
    let merges: Bool

    /// The file from the root on, for whoever is elsewhere.
    var absolutePath: String {
      if path.hasPrefix("/") { return path }
      guard let folder = unsafe getcwd(nil, 0) else { return path }
      defer { unsafe free(folder) }
      return unsafe String(cString: folder) + "/" + path
    }

    /// Refuses a file that is there and not to be written over.
    ///
    /// - Throws: a sentence that says what to do instead.
    func check() throws {
      guard !merges, let old = try current(), !Self.isOwn(old) else { return }
      throw SourceDiagnostic(
        "\(path) is there, and tells of other clusters than Drydock's", at: nil,
        expected: "--merge-kubeconfig, which adds to it, or another file after --kubeconfig")
    }

    /// Writes the file.
    func write(url: String) throws {
      let old = merges ? try current() : nil
      let value = Kubeconfig.merged(into: old ?? .emptyMap, url: url)
      if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
        try Files.makeDirectory(String(path[..<slash]))
      }
      try Files.write(YAMLEmitter().string(value), to: path)
    }

    /// Whether a file names nothing but Drydock's cluster.
    private static func isOwn(_ value: Value) -> Bool {
      (value["clusters"] ?? .emptyList).elements.allSatisfy {
        $0["name"]?.string == Kubeconfig.name
      }
    }

    private func current() throws -> Value? {
      guard unsafe access(path, F_OK) == 0 else { return nil }
      let source = YAMLSource(name: path, bytes: try Files.read(path))
      do { return try YAMLParser.documents(in: source).first?.value ?? .emptyMap } catch {
        throw error.diagnostic
      }
    }
  }
#endif
