import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// What a question is about: a kind, under one of its names, and where in it.
struct ResourceTarget {
  let type: ResourceType
  let path: ResourcePath
  let forms: ObjectForms

  var key: ObjectKey { ObjectKey(namespace: path.namespace, name: path.name) }
}

extension APIFace {
  /// Answers a question about objects.
  func resource(
    _ path: ResourcePath, _ question: HTTPQuestion, at now: Timestamp
  ) throws(StatusError) -> Outcome {
    let directory = directory
    guard let version = directory.version(group: path.group, version: path.version) else {
      return .answer(Self.pageNotFound)
    }
    guard
      let type = directory.type(
        group: path.group, version: path.version, plural: path.plural)
    else {
      guard let extra = version.extras.first(where: { $0.plural == path.plural }) else {
        throw .noSuchEndpoint
      }
      return .answer(try create(extra, path, question))
    }
    guard type.definition.isNamespaced || path.namespace.isEmpty,
      !type.definition.isNamespaced || path.name.isEmpty || !path.namespace.isEmpty
    else { throw .noSuchEndpoint }
    let form = try AnswerForm(accepting: question.accept)
    try checkRowObject(question.query["includeObject"], form)
    let forms = ObjectForms(
      form: form,
      rowObject: question.query["includeObject"], now: now)
    let target = ResourceTarget(type: type, path: path, forms: forms)
    metrics.note(question.method, type)
    if path.name.isEmpty { return try collection(target, question, at: now) }
    return try object(target, question, at: now)
  }

  private func checkRowObject(_ name: String, _ form: AnswerForm) throws(StatusError) {
    guard case .table = form, !["", "None", "Metadata", "Object"].contains(name) else { return }
    throw StatusError(.badRequest, "unrecognized includeObject value: \(Value(name))")
  }

  // MARK: Collections

  private func collection(
    _ target: ResourceTarget, _ question: HTTPQuestion, at now: Timestamp
  ) throws(StatusError) -> Outcome {
    let type = target.type
    let isWhole = type.definition.isNamespaced && target.path.namespace.isEmpty
    switch question.method {
    case .get, .head:
      let options = try listOptions(target, question)
      if question.query.flag("watch") {
        return .watch(try feed(target, options, question, at: now))
      }
      return .answer(try list(target, options))
    case .post where !isWhole: return .answer(try create(target, question))
    case .delete where !isWhole:
      let options = try deleteOptions(question)
      let chosen = try listOptions(target, question)
      guard case .list(let list) = try perform(.deleteCollection(type, chosen, options)) else {
        throw .noSuchEndpoint
      }
      return .answer(answer(list, target))
    default: throw .methodNotAllowed
    }
  }

  private func list(
    _ target: ResourceTarget, _ options: ListOptions
  ) throws(StatusError) -> HTTPAnswer {
    guard case .list(let list) = try perform(.list(target.type, options)) else {
      throw .noSuchEndpoint
    }
    return answer(list, target)
  }

  private func answer(_ list: ObjectList, _ target: ResourceTarget) -> HTTPAnswer {
    let size = encoding.bytesPerObject
    var buffer = buffer(256 + list.objects.count * (size + size / 8))
    target.forms.write(list, of: target.type, &encoding, to: &buffer)
    return HTTPAnswer(contentType: target.forms.contentType, body: buffer)
  }

  /// The options of a list or a watch, from the query.
  private func listOptions(
    _ target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> ListOptions {
    let query = question.query
    var options = ListOptions(
      namespace: target.path.namespace.isEmpty ? nil : target.path.namespace,
      continueToken: query["continue"], resourceVersion: query["resourceVersion"],
      resourceVersionMatch: query["resourceVersionMatch"])
    do throws(LabelSelector.ParseError) {
      options.labels = try LabelSelector(parsing: query["labelSelector"])
      options.fields = try FieldSelector(parsing: query["fieldSelector"])
    } catch {
      throw StatusError(.badRequest, "\(error)")
    }
    if let limit = try number("limit", query) { options.limit = Int(clamping: limit) }
    return options
  }

  func number(_ name: String, _ query: QueryItems) throws(StatusError) -> Int64? {
    let text = query[name]
    if text.isEmpty { return nil }
    if let number = Int64(text) { return number }
    throw StatusError(
      .badRequest,
      "strconv.ParseInt: parsing \(Value(text)): invalid syntax in the query parameter \(name)")
  }

  // MARK: Watches

  private func feed(
    _ target: ResourceTarget, _ list: ListOptions, _ question: HTTPQuestion, at now: Timestamp
  ) throws(StatusError) -> WatchFeed {
    let query = question.query
    var list = list
    // A watch knows no pages.
    list.limit = 0
    list.continueToken = ""
    var options = WatchOptions(
      list, allowsBookmarks: query.flag("allowWatchBookmarks"),
      timeoutSeconds: try number("timeoutSeconds", query))
    if query.has("sendInitialEvents") {
      options.sendInitialEvents = query.flag("sendInitialEvents")
    }
    if (options.timeoutSeconds ?? 0) <= 0 {
      // Half an hour to an hour, so that watches that began together do not end together.
      options.timeoutSeconds = Int64.random(in: 1_800...3_600)
    }
    let stream = try cluster.server.watch(target.type, options, at: now)
    return WatchFeed(stream: stream, target: target)
  }

  private func selector(name: String) throws(StatusError) -> FieldSelector {
    do { return try FieldSelector(parsing: "metadata.name=\(name)") } catch {
      throw StatusError(.badRequest, "\(error)")
    }
  }

  // MARK: Objects

  private func object(
    _ target: ResourceTarget, _ question: HTTPQuestion, at now: Timestamp
  ) throws(StatusError) -> Outcome {
    let part = target.path.subresource
    if !part.isEmpty, let answer = try self.part(part, of: target, question) {
      return .answer(answer)
    }
    let subresource = Subresource(rawValue: part)
    guard part.isEmpty || subresource != nil else { throw .noSuchEndpoint }
    switch question.method {
    case .get, .head:
      if part.isEmpty, question.query.flag("watch") {
        var options = ListOptions(
          namespace: target.path.namespace.isEmpty ? nil : target.path.namespace)
        options.resourceVersion = question.query["resourceVersion"]
        options.fields = try selector(name: target.path.name)
        return .watch(try feed(target, options, question, at: now))
      }
      let options = GetOptions(
        subresource: subresource, resourceVersion: question.query["resourceVersion"])
      return .answer(try one(.get(target.type, target.key, options), target))
    case .put: return .answer(try update(target, subresource, question))
    case .patch:
      return .answer(try self.patch(target, subresource, question))
    case .delete where part.isEmpty: return .answer(try delete(target, question))
    default: throw .methodNotAllowed
    }
  }

  /// Sends a request that is answered with an object.
  func one(
    _ request: APIRequest, _ target: ResourceTarget, status: Int = 200
  ) throws(StatusError) -> HTTPAnswer {
    guard let object = try perform(request).object else { throw .noSuchEndpoint }
    return answer(object, target, status: status)
  }

  func answer(_ object: APIObject, _ target: ResourceTarget, status: Int = 200) -> HTTPAnswer {
    var buffer = buffer(256 + 2 * encoding.bytesPerObject)
    target.forms.write(object, &encoding, to: &buffer)
    return HTTPAnswer(status: status, contentType: target.forms.contentType, body: buffer)
  }

  /// Sends a request to the cluster.
  func perform(_ request: APIRequest) throws(StatusError) -> APIResponse {
    if !request.isWrite, var past { return try past.handle(request, at: cluster.now) }
    return try cluster.handle(request, by: door?.name(ofClient: caller) ?? "user").get()
  }
}

extension ResourceType {
  var isCorePod: Bool { definition.kind == "Pod" && definition.group.isEmpty }
}
