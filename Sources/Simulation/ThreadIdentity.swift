// tidy: the executor must tell its own thread from others, to refuse code that left it; nothing is decided by it.
import Glibc

/// Which thread this is.
struct ThreadIdentity: Equatable, Sendable {
  let value: UInt

  static var current: ThreadIdentity { ThreadIdentity(value: UInt(pthread_self())) }
}
