import APIMachinery
import NIOCore
import Testing
import ValueTree

@testable import APIServerHTTP

@Suite("What a server answers, path by path")
struct FaceTests {
  private let maps = "/api/v1/namespaces/default/configmaps"

  @Test("Discovery answers with and without a slash, and every group that it names answers")
  func discovery() throws {
    let server = try Fixture()
    #expect(try server.ask(.get, "/api").value == server.ask(.get, "/api/").value)
    let groups = try #require(try server.ask(.get, "/apis/").value["groups"]).elements
    #expect(groups.contains { $0["name"] == "events.k8s.io" })
    for group in groups {
      let name = try #require(group["name"]?.string)
      #expect(try server.ask(.get, "/apis/\(name)").value["kind"] == "APIGroup")
      for version in group["versions"]?.elements ?? Value.emptyList.elements {
        let path = try #require(version["groupVersion"]?.string)
        let resources = try server.ask(.get, "/apis/\(path)/").value["resources"]
        #expect(resources?.isEmptyCollection == false, "\(path)")
        for resource in resources?.elements ?? Value.emptyList.elements
        where resource["verbs"]?.elements.contains("list") == true {
          let plural = try #require(resource["name"]?.string)
          #expect(server.ask(.get, "/apis/\(path)/\(plural)").status == 200, "\(path)/\(plural)")
        }
      }
    }
    #expect(server.ask(.get, "/apis/nobody.example.com/v1").status == 404)
  }

  @Test("Aggregated discovery says its form in the media type")
  func aggregated() throws {
    let server = try Fixture()
    let answer = server.ask(
      .get, "/apis",
      accept:
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json")
    #expect(
      answer.contentType == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
    let apps = try #require(
      try answer.value["items"]?.elements.first { $0[FieldPath("metadata", "name")] == "apps" })
    let deployments = apps["versions"]?[0]?["resources"]?.elements
      .first { $0["resource"] == "deployments" }
    #expect(
      deployments?["subresources"]?.elements.compactMap { $0["subresource"]?.string }
        == ["scale", "status"])
  }

  @Test("A body without a type is JSON; YAML is read; another type is refused")
  func mediaTypes() throws {
    let server = try Fixture()
    #expect(server.ask(.post, maps, #"{"metadata":{"name":"a"}}"#).status == 201)
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"
    #expect(server.ask(.post, maps, yaml, type: "application/yaml").status == 201)
    let refused = server.ask(.post, maps, "<a/>", type: "text/xml")
    #expect(refused.status == 415)
    #expect(try refused.value["reason"] == "UnsupportedMediaType")
    #expect(server.ask(.get, maps, accept: "text/html").status == 406)
  }

  @Test("Items of a built-in list carry no kind, those of a custom one do")
  func items() throws {
    let server = try Fixture()
    _ = server.ask(.post, maps, #"{"metadata":{"name":"a"}}"#)
    let list = try server.ask(.get, maps).value
    #expect(list["kind"] == "ConfigMapList")
    #expect(list["items"]?[0]?["kind"] == nil)
    #expect(list["items"]?[0]?["metadata"]?["name"] == "a")
    let pools = "/apis/drydock.dev/v1alpha1/pools"
    let pool =
      #"{"apiVersion":"drydock.dev/v1alpha1","kind":"Pool","metadata":{"name":"p"},"spec":{"type":"gpu","backing":"ledger","devices":[{"name":"g"}]}}"#
    let made = server.ask(.post, pools, pool)
    try #require(made.status == 201, "\(String(buffer: made.body))")
    #expect(try server.ask(.get, pools).value["items"]?[0]?["kind"] == "Pool")
  }

  @Test("A deletion that removes answers Success with what it was, one that marks the object")
  func deletions() throws {
    let server = try Fixture()
    let made = try server.ask(.post, maps, #"{"metadata":{"name":"a"}}"#).value
    let gone = try server.ask(.delete, "\(maps)/a").value
    #expect(gone["status"] == "Success")
    #expect(gone["details"]?["kind"] == "configmaps")
    #expect(gone["details"]?["uid"] == made["metadata"]?["uid"])
    _ = server.ask(.post, maps, #"{"metadata":{"name":"b","finalizers":["example.com/f"]}}"#)
    let marked = try server.ask(.delete, "\(maps)/b", #"{"propagationPolicy":"Background"}"#).value
    #expect(marked["metadata"]?["deletionTimestamp"] != nil)
    #expect(try server.ask(.delete, "\(maps)/c").value["reason"] == "NotFound")
  }

  @Test(
    "What contradicts the path is a bad request",
    arguments: [
      (
        "POST", "/api/v1/namespaces/default/configmaps",
        #"{"apiVersion":"v2","metadata":{"name":"x"}}"#
      ),
      ("POST", "/api/v1/namespaces/default/configmaps", #"{"kind":"Pod","metadata":{"name":"x"}}"#),
      (
        "POST", "/api/v1/namespaces/default/configmaps",
        #"{"metadata":{"name":"x","namespace":"other"}}"#
      ),
      ("PUT", "/api/v1/namespaces/default/configmaps/y", #"{"metadata":{"name":"x"}}"#),
      ("POST", "/api/v1/namespaces/default/configmaps", "{"),
      ("POST", "/api/v1/namespaces/default/configmaps", ""),
      ("GET", "/api/v1/configmaps?labelSelector=a%20b%20c", ""),
      ("GET", "/api/v1/configmaps?limit=many", ""),
    ])
  func badRequests(_ method: String, _ uri: String, _ body: String) throws {
    let server = try Fixture()
    let answer = server.ask(HTTPQuestion.Method(rawValue: method) ?? .other, uri, body)
    #expect(answer.status == 400, "\(String(buffer: answer.body))")
    #expect(try answer.value["reason"] == "BadRequest")
  }

  @Test("Fields that nobody knows are refused, warned of or dropped, as asked")
  func fieldValidation() throws {
    let server = try Fixture()
    func create(_ name: String, _ query: String) -> HTTPAnswer {
      server.ask(.post, maps + query, #"{"metadata":{"name":"\#(name)"},"dta":{}}"#)
    }
    let strict = create("a", "?fieldValidation=Strict")
    #expect(strict.status == 400)
    #expect(
      try strict.value["message"]?.string
        == #"ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta""#
    )
    #expect(
      create("b", "?fieldValidation=Warn").headers.map(\.value)
        == [#"299 - "unknown field \"dta\"""#])
    // Warnings are the default.
    #expect(create("c", "").headers.count == 1)
    #expect(create("d", "?fieldValidation=Ignore").headers.isEmpty)
  }

  @Test("Patches by their media type; strategic ones of built-in kinds only; apply is refused")
  func patches() throws {
    let server = try Fixture()
    _ = server.ask(
      .post, maps, #"{"metadata":{"name":"a","finalizers":["example.com/f"]},"data":{"a":"1"}}"#)
    func patch(_ type: String, _ body: String) -> HTTPAnswer {
      server.ask(.patch, "\(maps)/a", body, type: type)
    }
    #expect(
      try patch("application/merge-patch+json", #"{"data":{"b":"2"}}"#).value["data"]
        == ["a": "1", "b": "2"])
    #expect(
      try patch(
        "application/json-patch+json", #"[{"op":"remove","path":"/data/a"}]"#
      ).value["data"] == ["b": "2"])
    #expect(
      try patch(
        "application/strategic-merge-patch+json", #"{"metadata":{"finalizers":["example.com/g"]}}"#
      ).value[FieldPath("metadata", "finalizers")] == ["example.com/f", "example.com/g"])
    #expect(patch("application/apply-patch+yaml", "{}").status == 415)
    #expect(
      patch("application/json-patch+json", #"[{"op":"test","path":"/data/b","value":"9"}]"#).status
        == 422)
  }

  @Test("Tables: columns, cells, metadata in rows; a watch tells columns once")
  func tables() throws {
    let server = try Fixture()
    _ = server.ask(.post, maps, #"{"metadata":{"name":"a"},"data":{"x":"y"}}"#)
    let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
    let answer = server.ask(.get, maps, accept: accept)
    #expect(answer.contentType == "application/json;as=Table;v=v1;g=meta.k8s.io")
    let table = try answer.value
    #expect(table["kind"] == "Table")
    #expect(
      table["columnDefinitions"]?.elements.compactMap { $0["name"]?.string }
        == ["Name", "Data", "Age"])
    #expect(table["rows"]?[0]?["cells"] == ["a", 1, "0s"])
    #expect(table["rows"]?[0]?["object"]?["kind"] == "PartialObjectMetadata")
    let none = try server.ask(.get, maps + "?includeObject=None", accept: accept).value
    #expect(none["rows"]?[0]?["object"] == nil)
    _ = server.ask(.post, maps, #"{"metadata":{"name":"b"}}"#)
    let events = try server.watch(maps + "?watch=true", accept: accept).map { $0["object"] }
    #expect(events.map { $0?["columnDefinitions"]?.count ?? -1 } == [3, 0])
  }

  @Test("Metadata alone, and a watch with initial events that ends in a bookmark")
  func streaming() throws {
    let server = try Fixture()
    _ = server.ask(.post, maps, #"{"metadata":{"name":"a"},"data":{"x":"y"}}"#)
    let list = try server.ask(
      .get, maps, accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
    ).value
    #expect(list["items"]?[0]?["data"] == nil)
    #expect(list["kind"] == "PartialObjectMetadataList")
    let events = try server.watch(
      maps
        + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
    )
    #expect(events.map { $0["type"]?.string } == ["ADDED", "BOOKMARK"])
    #expect(
      events.last?["object"]?[FieldPath("metadata", "annotations")]
        == ["k8s.io/initial-events-end": "true"])
  }

  @Test("What was written through one name of events is read through the other")
  func events() throws {
    let server = try Fixture()
    let event =
      #"{"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","name":"p","namespace":"default"},"message":"m","type":"Error"}"#
    #expect(server.ask(.post, "/api/v1/namespaces/default/events", event).status == 201)
    let newer = try server.ask(
      .get, "/apis/events.k8s.io/v1/namespaces/default/events/e"
    ).value
    #expect(newer["apiVersion"] == "events.k8s.io/v1")
    #expect(newer["note"] == "m")
    #expect(newer["regarding"]?["name"] == "p")
  }

  @Test("A pod is bound once, and a budget stands against its eviction")
  func pods() throws {
    let server = try Fixture()
    let pods = "/api/v1/namespaces/default/pods"
    let pod =
      #"{"metadata":{"name":"p","labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}"#
    try #require(server.ask(.post, pods, pod).status == 201)
    let binding = #"{"target":{"kind":"Node","name":"n"}}"#
    #expect(server.ask(.post, "\(pods)/p/binding", binding).status == 201)
    #expect(server.ask(.post, "\(pods)/p/binding", binding).status == 409)
    #expect(try server.ask(.get, "\(pods)/p").value[FieldPath("spec", "nodeName")] == "n")
    _ = server.ask(
      .patch, "\(pods)/p/status", #"{"status":{"phase":"Running"}}"#,
      type: "application/merge-patch+json")
    let budget =
      #"{"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"a":"b"}}}}"#
    let budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"
    try #require(server.ask(.post, budgets, budget).status == 201)
    let eviction = #"{"metadata":{"name":"p"}}"#
    #expect(server.ask(.post, "\(pods)/p/eviction", eviction).status == 429)
    _ = server.ask(.delete, "\(budgets)/b")
    #expect(server.ask(.post, "\(pods)/p/eviction", eviction).status == 201)
  }

  @Test("OpenAPI documents have tags, and say which patches take fieldValidation")
  func openAPI() throws {
    let server = try Fixture()
    let index = try #require(try server.ask(.get, "/openapi/v3").value["paths"])
    let url = try #require(index["apis/apps/v1"]?["serverRelativeURL"]?.string)
    let answer = server.ask(.get, url)
    let tag = try #require(answer.headers.first { $0.name == "Etag" }?.value)
    #expect(url.contains(tag.filter { $0 != "\"" }))
    var question = HTTPQuestion(.get, url)
    question.knownTag = tag
    guard case .answer(let again) = server.face.outcome(of: question, at: server.now) else {
      Issue.record("a document is no watch")
      return
    }
    #expect(again.status == 304)
    let document = try answer.value
    let patch = document["paths"]?["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]?[
      "patch"]
    #expect(
      patch?["parameters"]?.elements.compactMap { $0["name"]?.string }.contains("fieldValidation")
        == true)
    let schemas = try #require(document["components"]?["schemas"])
    for (_, schema) in schemas.members {
      for (name, property) in (schema["properties"] ?? .emptyMap).members {
        guard let target = property["$ref"]?.string else { continue }
        let key = target.replacing("#/components/schemas/", with: "")
        #expect(schemas[key] != nil, "\(name) refers to \(target)")
      }
    }
  }

  @Test("Reviews allow everything")
  func reviews() throws {
    let server = try Fixture()
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    let answer = server.ask(.post, path, #"{"spec":{"resourceAttributes":{"verb":"delete"}}}"#)
    #expect(answer.status == 201)
    #expect(try answer.value["status"] == ["allowed": true])
    #expect(try answer.value["spec"]?["resourceAttributes"]?["verb"] == "delete")
    #expect(server.ask(.get, path).status == 405)
  }
}
