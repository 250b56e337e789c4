import APIMachinery
import APIServer
import APIStore
import BenchmarkHarness
import ValueTree

/// The verbs of the server, with all their checks, on stores of several sizes.
let serverSuite = Suite(
  "server",
  [
    .time("create", sizes: sizes, target: .operationsPerSecond(atLeast: 250_000)) { size in
      let stock = Stock.of(size)
      let body = Stock.body(of: deployment())
      let objects = Stock.shuffled((0..<20_000).map { newKey($0, size) })
        .map { APIRequest.create(Stock.object($0, body)) }
      return sending(objects, to: stock.server, isRepeatable: false)
    },
    // As in a run: nobody holds a copy, and the store grows while it is measured.
    .time(
      "create-in-place", sizes: sizes, target: .operationsPerSecond(atLeast: 250_000)
    ) { size in
      growing(by: 100_000, from: size)
    },
    .time("get", sizes: sizes, target: .operationsPerSecond(atLeast: 1_500_000)) { size in
      let stock = Stock.of(size)
      let requests = stock.keys.map { APIRequest.get(Stock.type, $0) }
      return sending(requests, to: stock.server)
    },
    .time("update", sizes: sizes) { size in
      sending(changes(FieldPath("spec", "replicas"), size), to: Stock.of(size).server)
    },
    .ratio("update-growth", of: "update@100000", to: "update@100", target: .ratio(atMost: 2)),
    .time("update-status", sizes: sizes) { size in
      let path = FieldPath("status", "readyReplicas")
      return sending(changes(path, size, subresource: .status), to: Stock.of(size).server)
    },
    .time("merge-patch", sizes: sizes) { size in
      let stock = Stock.of(size)
      let requests = [4, 5].flatMap { (replicas: Int64) in
        let spec = Value(members: [(Key("replicas"), Value(replicas))])
        let patch = Value(members: [(Fields.spec, spec)])
        return stock.keys.map { APIRequest.mergePatch(Stock.type, $0, patch) }
      }
      return sending(requests, to: stock.server)
    },
    .time("delete", sizes: sizes) { size in
      let stock = Stock.of(size)
      var server = stock.server
      // Without finalizers, a deletion removes.
      let body = Stock.body(of: deployment()).removing(Fields.finalizersPath)
      for key in stock.keys { Stock.handle(.update(Stock.object(key, body)), on: &server) }
      let requests = stock.keys.map { APIRequest.delete(Stock.type, $0, .none) }
      return sending(requests, to: server, isRepeatable: false)
    },
    .time("list-namespace", sizes: sizes) { size in
      let requests = (0..<size / Stock.namespaceSize).map {
        APIRequest.list(Stock.type, namespace: Stock.namespace($0))
      }
      return sending(requests, to: Stock.of(size).server)
    },
    .ratio(
      "list-namespace-growth", of: "list-namespace@100000", to: "list-namespace@100",
      target: .ratio(atMost: 2)),
    // The second page of fifty, of a state that has been written over since.
    .time("list-page", sizes: sizes) { size in
      let stock = Stock.of(size)
      var server = stock.server
      let first = APIRequest.list(Stock.type, ListOptions(limit: 50))
      guard case .list(let page) = Stock.handle(first, on: &server) else { fatalError("no list") }
      for request in changes(FieldPath("spec", "replicas"), size).prefix(1_000) {
        Stock.handle(request, on: &server)
      }
      let next = ListOptions(limit: 50, continueToken: page.continueToken)
      return sending([APIRequest.list(Stock.type, next)], to: server)
    },
    .ratio(
      "list-page-growth", of: "list-page@100000", to: "list-page@100", target: .ratio(atMost: 2)),
    // Each with a body of its own, its place in the map and its line in the log.
    .memory("memory", count: 20_000) { count in
      var server = Stock.emptyServer(for: count)
      var reader = JSONReader()
      for index in 0..<count {
        let body = Stock.body(of: read(deploymentJSON, with: &reader))
        Stock.create(Stock.object(Stock.key(index), body), on: &server)
      }
      return server
    },
  ])

private let sizes = [100, 10_000, 100_000]

/// Sends requests in a circle.
///
/// Those that cannot be sent twice go to a fresh copy of the server after each round.
private func sending(
  _ requests: [APIRequest], to server: APIServer, isRepeatable: Bool = true
) -> Benchmark.Batch {
  var current = server
  var next = 0
  return { iterations in
    for _ in 0..<iterations {
      if next == requests.count {
        next = 0
        if !isRepeatable { current = server }
      }
      // Where it lies: a client has its request at hand, and does not copy it out of a long list.
      use(Stock.handle(requests.span[next], on: &current))
      next += 1
    }
  }
}

/// Creates objects in a server that belongs to nobody else; after `count` of them in a new one.
private func growing(by count: Int, from size: Int) -> Benchmark.Batch {
  let body = Stock.body(of: deployment())
  let requests = Stock.shuffled((0..<count).map { newKey($0, size) })
    .map { APIRequest.create(Stock.object($0, body)) }
  var server = Stock.filled(size)
  var next = 0
  return { iterations in
    for _ in 0..<iterations {
      if next == count {
        next = 0
        server = Stock.filled(size)
      }
      use(Stock.handle(requests[next], on: &server))
      next += 1
    }
  }
}

/// Updates of all objects, and then as many others, so that none of them is without effect.
private func changes(
  _ path: FieldPath, _ size: Int, subresource: Subresource? = nil
) -> [APIRequest] {
  let stock = Stock.of(size)
  let body = Stock.body(of: deployment())
  return [4, 5].flatMap { (count: Int64) in
    let changed = body.setting(path, to: Value(count)) ?? body
    return stock.keys.map {
      APIRequest.update(Stock.object($0, changed), subresource: subresource)
    }
  }
}

/// A key that the stock has not, among those it has.
private func newKey(_ index: Int, _ size: Int) -> ObjectKey {
  let namespaces = max(1, size / Stock.namespaceSize)
  return ObjectKey(
    namespace: Stock.namespace(index % namespaces), name: "checkout-backend-\(index / namespaces)")
}
