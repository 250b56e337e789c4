public import APIMachinery
import APIServer
import APIStore
import Allocation
import Simulation

extension ClusterSession {
  /// Deletes an object, or asks for its deletion where finalizers stand; dependents go after it, as with kubectl.
  ///
  /// What is in use may have been so by what was deleted a moment ago: then the controllers run, and it is tried once
  /// more. They do not run for every object, which would look at all others each time.
  public mutating func delete(_ type: ResourceType, _ key: ObjectKey) -> Outcome {
    let request = APIRequest.delete(type, key, DeleteOptions(propagationPolicy: .background))
    var result = perform(request)
    if case .failure(let error) = result, error.isConflict, !isSettled {
      settle()
      result = perform(request)
    }
    return Outcome(type: type, key: key, result: result.map { _ in .deleted })
  }

  /// The object, if it is still there after the controllers have run: something holds it.
  public func remaining(_ outcome: Outcome) -> APIObject? {
    guard let object = world.server.store.object(outcome.type, outcome.key), object.isDeleting
    else { return nil }
    return object
  }

  /// What an object that is being deleted waits for, in a line.
  public func waitsFor(_ object: APIObject) -> String {
    let grants = grants(of: object).map { "\($0.item) of pool \($0.pool)" }
    let finalizers = object.finalizers.joined(separator: ", ")
    let what = finalizers.isEmpty ? namespaceContent(object) : "finalizer \(finalizers)"
    return grants.isEmpty
      ? "waits for \(what), which no controller here takes off"
      : "waits for \(what), which holds \(grants.joined(separator: ", "))"
  }

  private func namespaceContent(_ namespace: APIObject) -> String {
    namespace.remainingContent.map { "its content (\($0))" } ?? "its content"
  }
}
