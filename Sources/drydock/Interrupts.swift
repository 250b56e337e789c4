import Glibc
import Synchronization

/// Ctrl-C as a wish that work asks for, instead of an end.
enum Interrupts {
  private static let count = Atomic<Int>(0)

  /// From now on the first Ctrl-C is only noted; the second ends the program as ever.
  static func note() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if Interrupts.count.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
  }

  /// Whether somebody wants the work to end.
  static var isWanted: Bool { count.load(ordering: .relaxed) > 0 }
}
