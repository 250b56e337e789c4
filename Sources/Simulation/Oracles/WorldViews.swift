import APIAllocation
import APIMachinery
import APIServer
import APIStore
public import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree

/// What properties and reports may know of a world besides objects, pools and ledger.
extension World {
  /// A process, as it is now.
  public struct ProcessView: Sendable, Hashable {
    /// The name.
    public let name: String
    /// Whether it runs.
    public let isRunning: Bool
    /// How often it has been started again.
    public let restarts: Int
    /// Whether it holds a lease that controllers of it work under.
    public let isLeading: Bool
    /// How many keys are queued or being worked on.
    public let keys: Int
  }

  /// The processes, in the order of the plan.
  public var processViews: [ProcessView] {
    processes.map { process in
      var isLeading = false
      var keys = 0
      for controller in process.controllers {
        if let gate = controller.gate, process.locals.memory[gate] != nil { isLeading = true }
        keys += controller.queue.readyKeys.count + controller.workers.count { $0.isBusy }
      }
      return ProcessView(
        name: process.plan.name, isRunning: process.isRunning,
        restarts: Int(process.incarnation) - 1, isLeading: isLeading, keys: keys)
    }
  }

  /// How many steps of the workload have been taken.
  public var userSteps: Int { workloadPosition }

  /// Whether some object records this very grant.
  public func isRecorded(_ grant: Grant) -> Bool { records.tells(of: grant) }
}
