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
  public mutating func delete(
    _ type: ResourceType, _ key: ObjectKey,
    _ options: DeleteOptions = DeleteOptions(propagationPolicy: .background)
  ) -> Outcome {
    let request = APIRequest.delete(type, key, options)
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
    let finalizers = object.finalizers
    if finalizers.isEmpty, let seconds = object.header.deletionGracePeriodSeconds, seconds > 0 {
      return "has \(seconds)s of grace, and no node that ends it"
    }
    if finalizers.isEmpty {
      return "waits for its content\(object.remainingContent.map { " (\($0))" } ?? "")"
    }
    let what = "waits for finalizer \(finalizers.joined(separator: ", "))"
    if !grants.isEmpty { return "\(what), which holds \(grants.joined(separator: ", "))" }
    if let reason = finalizers.lazy.compactMap({ Self.reasons[$0] }).first {
      return "\(what), which stays while \(reason)"
    }
    return "\(what), which no controller here takes off"
  }

  /// What the finalizers of Kubernetes' own controllers stand for.
  private static let reasons = [
    "kubernetes.io/pvc-protection": "a pod uses it",
    "kubernetes.io/pv-protection": "it is bound",
    "foregroundDeletion": "dependents block it",
    "orphan": "dependents name it",
    CustomResourceDefinition.cleanupFinalizer: "there are objects of its kind",
  ]
}
