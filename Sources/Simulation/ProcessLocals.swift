import APIMachinery
import ControllerRuntime
import PersistentCollections
import Scalars

/// What a process has of its own and loses when it stops.
struct ProcessLocals: Sendable {
  /// What its reconciles remember.
  var memory = PersistentMap<String, MemoryValue>()
  /// The state of its random numbers.
  var random: UInt64
  /// The time of the world.
  var now: Timestamp

  init(seed: UInt64, now: Timestamp) {
    random = seed
    self.now = now
  }

  /// Answers an effect that concerns nobody but the process.
  mutating func answer(_ effect: Effect) -> Reply? {
    switch effect {
    case .readMemory(let name): return .memory(memory[name])
    case .writeMemory(let name, let value):
      memory.updateValue(value, forKey: name)
      return .done
    case .random:
      var generator = SplitMix64(state: random)
      let number = generator.next()
      random = generator.state
      return .number(number)
    case .event: return .done
    case .clock: return .time(now)
    default: return nil
    }
  }
}
