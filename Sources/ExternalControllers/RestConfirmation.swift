import APIMachinery
import Scalars
import ValueTree

/// How long what looks wrong at rest must stay so until it is called wrong.
///
/// A candidate that waits for the lease of a leader who is gone looks like rest and is none. So the time counts from when
/// each lease that is held has been renewed or taken over, or has run out for everybody who looks at it.
struct RestConfirmation {
  /// What there is to see at a moment.
  struct Look {
    /// The time of the run.
    let time: GoDuration
    /// The leases that somebody holds.
    let leases: [HeldLease]

    init(at time: GoDuration, leases: [HeldLease]) {
      self.time = time
      self.leases = leases
    }
  }

  /// How long behind its end a lease is taken over at the latest: candidates look every other second.
  static let retry = GoDuration.seconds(5)

  private let length: GoDuration
  private let begin: GoDuration
  /// When a candidate began to watch the leases; it counts from there, and believes no renewal that it did not see.
  private let lastArrival: GoDuration
  private var pending: [HeldLease]
  private var since: GoDuration

  /// Begins to wait.
  ///
  /// - Parameters:
  ///   - length: How long all must stay as it is.
  ///   - look: What there is to see now.
  ///   - lastArrival: When the youngest instance first asked for something.
  init(for length: GoDuration, after look: Look, lastArrival: GoDuration) {
    self.length = length
    self.lastArrival = lastArrival
    begin = look.time
    since = look.time
    pending = length > .zero ? look.leases : []
  }

  /// How much of the time went by because of leases.
  var leaseTime: GoDuration { since - begin }

  /// Whether it has lasted long enough, by what there is to see now.
  mutating func isOver(_ look: Look) -> Bool {
    pending.removeAll { lease in
      !look.leases.contains(lease)
        || look.time > max(lease.renewed, lastArrival) + lease.duration + Self.retry
    }
    if !pending.isEmpty { since = look.time }
    return look.time - since >= length
  }
}

/// A lease and who holds it.
struct HeldLease: Hashable {
  /// Its namespace and name.
  let key: ObjectKey
  /// Who holds it.
  let holder: String
  /// What it says about when it was renewed.
  let renewTime: String
  /// How long others leave it alone.
  let duration: GoDuration
  /// When it was renewed, in the time of the run.
  let renewed: GoDuration

  /// What a Lease says; nil for one that nobody holds, or that does not say for how long.
  ///
  /// - Parameters:
  ///   - object: The Lease.
  ///   - elapsed: The time of the run now.
  ///   - now: The time of day now.
  init?(_ object: APIObject, at elapsed: GoDuration, _ now: Timestamp) {
    guard let spec = object.value["spec"], let holder = spec["holderIdentity"]?.string,
      !holder.isEmpty, let seconds = spec["leaseDurationSeconds"]?.int, seconds > 0,
      let renewTime = spec["renewTime"]?.string, let time = Timestamp(renewTime)
    else { return nil }
    self.init(
      object.key, holder: holder, renewTime: renewTime, duration: .seconds(seconds),
      renewed: elapsed - (now - time))
  }

  init(
    _ key: ObjectKey, holder: String, renewTime: String, duration: GoDuration, renewed: GoDuration
  ) {
    self.key = key
    self.holder = holder
    self.renewTime = renewTime
    self.duration = duration
    self.renewed = renewed
  }

  /// Whether both are of one renewal; the time of the run is reckoned anew each time, and differs a little.
  static func == (left: HeldLease, right: HeldLease) -> Bool {
    left.key == right.key && left.holder == right.holder && left.renewTime == right.renewTime
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(key)
    hasher.combine(renewTime)
  }
}
