public import APIMachinery
import APIStore

extension ClusterState {
  /// The same state seen with the kinds of a registry.
  ///
  /// What was unknown and is registered becomes known, and the other way round; nothing is lost.
  public func resolved(in registry: ResourceRegistry) -> ClusterState {
    var result = self
    func type(_ name: KindName) -> ResourceType? {
      registry.type(apiVersion: name.apiVersion, kind: name.kind)
    }
    let isCurrent =
      objects.allSatisfy { registry.has($0.type) }
      && counters.allSatisfy { registry.has($0.type) }
    if isCurrent && unknown.isEmpty { return self }

    result.objects = []
    result.unknown = UnknownKinds()
    for object in objects {
      if registry.has(object.type) {
        result.objects.append(object)
      } else if let type = type(KindName(object.type)) {
        result.objects.append(APIObject(type: type, header: object.header, body: object.body))
      } else {
        result.unknown.objects.append(
          UnknownObject(
            kind: KindName(object.type), header: object.header, body: object.body))
      }
    }
    for object in unknown.objects {
      if let type = type(object.kind) {
        result.objects.append(APIObject(type: type, header: object.header, body: object.body))
      } else {
        result.unknown.objects.append(object)
      }
    }
    result.counters = []
    for counter in counters {
      if let type = type(KindName(counter.type)) {
        result.counters.append(
          NameCounter(counter.kind, type, counter.key, count: counter.count))
      } else {
        result.unknown.counters.append(
          UnknownCounter(
            kind: KindName(counter.type), counts: counter.kind, key: counter.key,
            count: counter.count))
      }
    }
    for counter in unknown.counters {
      if let type = type(counter.kind) {
        result.counters.append(
          NameCounter(counter.counts, type, counter.key, count: counter.count))
      } else {
        result.unknown.counters.append(counter)
      }
    }
    result.sort()
    return result
  }

  /// Puts objects and counters into their order.
  public mutating func sort() {
    objects.sort {
      $0.type.index != $1.type.index ? $0.type.index < $1.type.index : $0.key < $1.key
    }
    counters.sort {
      if $0.type.index != $1.type.index { return $0.type.index < $1.type.index }
      if $0.kind != $1.kind { return $0.kind == .incarnations }
      return $0.key < $1.key
    }
  }
}

extension ResourceRegistry {
  fileprivate func has(_ type: ResourceType) -> Bool {
    type.index < types.count && types[type.index] == type
  }
}
