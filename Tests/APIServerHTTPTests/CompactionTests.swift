import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import Scenarios
import Testing
import ValueTree

@testable import APIServerHTTP

@Suite("As time goes on: the past is forgotten, Events go, named controllers run")
struct CompactionTests {
  private let maps = "/api/v1/namespaces/default/configmaps"

  private func write(_ server: Fixture, _ count: Int) {
    for number in 0..<count {
      _ = server.ask(
        .patch, "\(maps)/a", #"{"data":{"n":"\#(number)"}}"#, type: "application/merge-patch+json")
    }
  }

  @Test("Two intervals on, watches, pages and exact lists from before are told 410")
  func forgetting() throws {
    var server = try Fixture()
    let made = try server.ask(.post, maps, #"{"metadata":{"name":"a"}}"#).value
    let first = try #require(made[FieldPath("metadata", "resourceVersion")]?.string)
    _ = server.ask(.post, maps, #"{"metadata":{"name":"b"}}"#)
    let page = try server.ask(.get, "\(maps)?limit=1").value
    let next = try #require(page[FieldPath("metadata", "continue")]?.string)
    write(server, 100)
    let watch = "\(maps)?watch=true&resourceVersion=\(first)"
    for minutes in [5, 4] {
      server.now = server.now + .minutes(Int64(minutes))
      _ = server.ask(.get, maps)
      #expect(try server.watch(watch).count == 101, "nothing is forgotten before its time")
    }
    server.now = server.now + .minutes(1)
    _ = server.ask(.get, maps)
    let events = try server.watch(watch)
    #expect(events.count == 1)
    #expect(events[0]["type"] == "ERROR")
    #expect(events[0]["object"]?["code"] == 410)
    #expect(events[0]["object"]?["reason"] == "Expired")
    let exact = server.ask(.get, "\(maps)?resourceVersion=\(first)&resourceVersionMatch=Exact")
    #expect(exact.status == 410)
    let expired = server.ask(.get, "\(maps)?limit=1&continue=\(next)")
    #expect(expired.status == 410)
    // The way out that Kubernetes offers: go on from the same place, at what is there now.
    let fresh = try #require(try expired.value[FieldPath("metadata", "continue")]?.string)
    let rest = try server.ask(.get, "\(maps)?limit=1&continue=\(fresh)").value
    #expect(rest["items"]?[0]?[FieldPath("metadata", "name")] == "b")
    let type = try #require(
      server.face.directory.type(group: "", version: "v1", plural: "configmaps"))
    #expect(server.face.cluster.server.store.events(type, after: 0).isEmpty)
  }

  @Test("A kind that nobody has written since can be watched from any of its revisions")
  func quietKinds() throws {
    var server = try Fixture()
    let quiet = "/api/v1/namespaces/default/secrets"
    let list = try server.ask(.get, quiet).value
    let revision = try #require(list[FieldPath("metadata", "resourceVersion")]?.string)
    _ = server.ask(.post, maps, #"{"metadata":{"name":"a"}}"#)
    write(server, 10)
    for _ in 0..<3 {
      server.now = server.now + .minutes(5)
      _ = server.ask(.get, maps)
    }
    #expect(try server.watch("\(quiet)?watch=true&resourceVersion=\(revision)").isEmpty)
  }

  @Test("Events go an hour after they were last seen, by whichever name they came")
  func events() throws {
    var server = try Fixture()
    let events = "/api/v1/namespaces/default/events"
    let object = #""involvedObject":{"kind":"Pod","name":"p","namespace":"default"}"#
    _ = server.ask(
      .post, events,
      #"{"metadata":{"name":"old"},\#(object),"lastTimestamp":"2026-01-01T00:00:00Z"}"#)
    _ = server.ask(.post, events, #"{"metadata":{"name":"timeless"},\#(object)}"#)
    _ = server.ask(
      .post, events,
      #"{"metadata":{"name":"seen"},\#(object),"lastTimestamp":"2026-01-01T00:50:00Z"}"#)
    func names() throws -> [String] {
      try (server.ask(.get, events).value["items"] ?? .emptyList).elements.compactMap {
        $0[FieldPath("metadata", "name")]?.string
      }
    }
    #expect(try names().count == 3)
    server.now = server.now + .minutes(66)
    _ = server.ask(.get, "/healthz")
    #expect(try names() == ["seen"])
  }

  @Test("The controllers that were named run, the naive one too")
  func controllers() throws {
    let chosen = try #require(ControllerRegistry.builtIn.only(["naive-binding"]))
    #expect(ControllerRegistry.builtIn.only(["nobody"]) == nil)
    #expect(!ControllerRegistry.local.names.contains("naive-binding"))
    for (registry, isCareful) in [(chosen, false), (ControllerRegistry.local, true)] {
      let server = try Fixture(controllers: registry)
      let group = "/apis/drydock.dev/v1alpha1"
      let kind = #""apiVersion":"drydock.dev/v1alpha1","kind":"#
      let pool = server.ask(
        .post, "\(group)/pools",
        #"{\#(kind)"Pool","metadata":{"name":"p"},"spec":{"type":"gpu","count":2}}"#)
      try #require(pool.status == 201, "\(String(buffer: pool.body))")
      let bindings = "\(group)/namespaces/default/devicebindings"
      let made = server.ask(
        .post, bindings, #"{\#(kind)"DeviceBinding","metadata":{"name":"b"},"spec":{"pool":"p"}}"#)
      try #require(made.status == 201, "\(String(buffer: made.body))")
      let bound = try server.ask(.get, "\(bindings)/b").value
      #expect(bound[FieldPath("status", "phase")] == "Bound")
      // The careful one writes down which pool it asks before it asks.
      let note = bound[FieldPath("metadata", "annotations", "drydock.dev/bound-pool")]
      #expect((note != nil) == isCareful)
    }
  }
}
