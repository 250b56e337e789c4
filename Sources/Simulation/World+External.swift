import APIAllocation
import APIMachinery
public import Allocation
public import ControllerRuntime

/// A world some of whose controllers are not in it: programs of any language, which reach its server and its pools from
/// outside, at times of their own.
extension World {
  /// Lets the scenario's user act now; what is refused changes nothing.
  public mutating func actAsUser(_ action: WorldPlan.UserAction) { act(action) }

  /// Judges what must hold always, or at some moment: what somebody outside asks for is no step of the world.
  public mutating func judgeMoment() {
    if !judges.properties.isEmpty { judgeProperties() }
  }

  /// Forgets what has held so far, for another run in the same world.
  public mutating func forgetProperties() {
    for index in judges.properties.indices { judges.properties[index] = PropertyState() }
  }

  /// Judges the world as one at rest, which only who knows the programs outside can say that it is.
  ///
  /// - Parameter isEnd: Whether the user is going to do nothing more.
  /// - Returns: what is wrong; the world goes on from there.
  public mutating func judgeNow(isEnd: Bool) -> [Violation] {
    judgeAtRest(isEnd: isEnd)
    return takeViolations()
  }

  /// Carries out a call of somebody outside to a pool whose books outlive processes.
  ///
  /// - Parameters:
  ///   - call: The call.
  ///   - actor: Who calls, for the ledger.
  /// - Returns: the grants that the call is about, or why it was refused.
  public mutating func perform(
    _ call: AllocatorCall, by actor: String
  ) -> Result<[Grant], AllocationError> {
    guard let index = books.index(ofPool: call.pool) else {
      return .failure(.unknownPool(call.pool))
    }
    let answer = books[index].perform(call)
    if !answer.changesNothing { note(answer, by: actor, for: nil) }
    return answer.result
  }
}
