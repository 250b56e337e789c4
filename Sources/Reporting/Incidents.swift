public import Simulation

/// A published bug of a real controller or allocator, and what cured it.
public struct Incident: Sendable, Hashable {
  /// What a failing run shows of its making.
  public enum Sign: String, Sendable, Hashable, CaseIterable {
    /// A process stopped between an effect and its record.
    case crash
    /// A call was carried out and its reply lost, or it failed after its effect.
    case unknownOutcome
    /// A call was refused or met a conflict.
    case refusal
    /// That call was the write of a status.
    case statusRefused
    /// That call was a release.
    case releaseRefused
    /// Several calls that make objects failed.
    case createsFailed
    /// Something was decided by a cache that was behind.
    case staleRead
    /// A watch brought nothing for some time.
    case slowWatch
    /// An informer saw the past once more.
    case timeTravel
    /// An object was deleted in the middle of something.
    case deletion
    /// An object was deleted by force.
    case forceDeletion
    /// A name was used again.
    case recreation
    /// The item was handed out or recorded by several processes.
    case severalProcesses
    /// No fault at all.
    case noFault
    /// Whom the item was handed out to is gone.
    case ownerGone
    /// Whom the item was handed out to has never had a finalizer.
    case noFinalizer
    /// Whom the item was handed out to records another one that it was given.
    case again
    /// An object has recorded the item at some time.
    case recorded
    /// A crash made the allocator forget the item.
    case forgotten
    /// The item was recorded and no allocator asked.
    case noGrant
    /// Another controller than the one that asked for the item took it out of the record.
    case removedByOther
    /// Another controller than the one that asked for the item gave it back.
    case sweeper
    /// The item was freed without asking whose it is.
    case blind
    /// Whom the item was handed out to is being deleted and still there when it is given back.
    case ownerTerminating
    /// Something that is being deleted names owners that are gone.
    case strandedDependent
    /// A key fails again and again, or the world never comes to rest.
    case keepsFailing
    /// One owner controls several objects of a kind whose watch was slow.
    case madeAgain
  }

  /// Where it is told.
  public let source: String
  /// The sort of bug.
  public let bugClass: Violation.BugClass
  /// What a run like it shows; all of these.
  public let signs: [Sign]
  /// The kinds of objects it is told of; empty for any.
  public let kinds: [String]
  /// The rules that it breaks; empty for any of its sort.
  public let oracles: [Violation.Oracle]
  /// What a run like it does not show.
  public let without: [Sign]
  /// What happened there, in a sentence.
  public let story: String
  /// What cures it.
  public let cure: String

  init(
    source: String, bugClass: Violation.BugClass, signs: [Sign], kinds: [String] = [],
    oracles: [Violation.Oracle] = [], without: [Sign] = [], story: String, cure: String
  ) {
    self.source = source
    self.bugClass = bugClass
    self.signs = signs
    self.kinds = kinds
    self.oracles = oracles
    self.without = without
    self.story = story
    self.cure = cure
  }

  /// The published incident that a failing run resembles.
  ///
  /// - Parameters:
  ///   - violation: The rule that the run broke.
  ///   - signs: What the run shows.
  ///   - kinds: The kinds of the objects that it is about.
  /// - Returns: the one all of whose signs the run shows, the most precise of several; nil where there is none, or none more
  ///   precise than the others: who is told of a bug that is not theirs looks in the wrong place.
  public static func resembling(
    _ violation: Violation, _ signs: Set<Sign>, kinds: Set<String> = []
  ) -> Incident? {
    let fitting = all.filter { incident in
      incident.bugClass == violation.bugClass
        && incident.signs.allSatisfy(signs.contains)
        && !incident.without.contains(where: signs.contains)
        && (incident.oracles.isEmpty || incident.oracles.contains(violation.oracle))
        && (incident.kinds.isEmpty || incident.kinds.contains(where: kinds.contains))
    }
    let best = fitting.map(\.precision).max()
    let closest = fitting.filter { $0.precision == best }
    return closest.count == 1 ? closest.first : nil
  }

  /// How much it asks of a run; a kind says more than any sign.
  private var precision: Int { signs.count + (kinds.isEmpty ? 0 : 2) }
}
