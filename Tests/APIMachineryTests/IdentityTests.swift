import APIMachinery
import Testing

@Suite("Stable hashes are the same everywhere and for ever")
struct StableHashTests {
  @Test("Golden values, computed apart from this code")
  func golden() {
    func hash(_ texts: String..., seed: UInt64 = 0) -> UInt64 {
      var hash = StableHash(seed: seed)
      for text in texts { hash.combine(text) }
      return hash.value
    }
    #expect(StableHash().value == 0xa076_1d64_78bd_642f)
    #expect(hash("") == 0x5cc5_f9ff_386b_94c9)
    #expect(hash("a") == 0x30fb_e77e_1358_e232)
    #expect(hash("abcdefgh") == 0x8403_bd17_d466_f208)
    #expect(hash("abcdefghi") == 0x10f2_5534_7112_6889)
    #expect(hash("devicebindings.drydock.dev") == 0x4c96_371b_f57d_6bdd)
    #expect(hash("ü") == 0xff6a_4c2b_5f7f_33ec)
    #expect(hash("a", seed: 7) == 0xcfce_7c19_0482_5ab9)
    var numbers = StableHash()
    numbers.combine(UInt64(1))
    numbers.combine(2)
    #expect(numbers.value == 0x4d22_00ba_9633_5b8f)
  }

  @Test("Where one text ends and the next begins makes a difference")
  func boundaries() {
    func hash(_ texts: [String]) -> UInt64 {
      var hash = StableHash()
      for text in texts { hash.combine(text) }
      return hash.value
    }
    let all = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], ["abc\0"]]
    #expect(Set(all.map(hash)).count == all.count)
  }

  @Test("A text that is a slice of another hashes as the same text by itself")
  func bridged() {
    var whole = StableHash()
    whole.combine(String("xx-a longer name".dropFirst(3)))
    var own = StableHash()
    own.combine("a longer name")
    #expect(whole == own)
  }
}

@Suite("UIDs: UUIDs that are computed")
struct UIDTests {
  @Test("The text is a UUID in lower case, and reads back")
  func text() throws {
    let uid = UID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
    #expect("\(uid)" == "01234567-89ab-cdef-fedc-ba9876543210")
    #expect(UID("\(uid)") == uid)
    #expect(UID("01234567-89AB-CDEF-FEDC-BA9876543210") == uid)
    #expect("\(UID(high: 0, low: 0))" == "00000000-0000-0000-0000-000000000000")
    var random = SeededRandom(seed: 1)
    for _ in 0..<200 {
      let uid = UID(high: random.next(), low: random.next())
      #expect(UID("\(uid)") == uid)
    }
  }

  @Test("Anything else is refused")
  func refused() {
    for text in [
      "", "abc", "01234567-89ab-cdef-fedc-ba987654321", "01234567-89ab-cdef-fedc-ba98765432100",
      "0123456789abcdeffedcba9876543210", "01234567-89ab-cdef-fedc-ba987654321g",
      "01234567_89ab_cdef_fedc_ba9876543210", "ü1234567-89ab-cdef-fedc-ba987654321",
    ] {
      #expect(UID(text) == nil, "\(text)")
    }
  }

  @Test("Order is that of the texts")
  func order() {
    var random = SeededRandom(seed: 2)
    for _ in 0..<200 {
      let (a, b) = (UID(high: random.next(), low: 1), UID(high: random.next(), low: 2))
      #expect((a < b) == ("\(a)" < "\(b)"))
    }
  }

  @Test("A UID is a function of seed, resource, key and incarnation, marked as version 4")
  func computed() {
    let source = IdentitySource()
    func uid(_ resource: String, _ namespace: String, _ name: String, _ count: UInt32) -> UID {
      source.uid(
        resource: resource, key: ObjectKey(namespace: namespace, name: name), incarnation: count)
    }
    let uid0 = uid("devicebindings.drydock.dev", "default", "a", 0)
    #expect("\(uid0)" == "c6dfe33a-2b4c-4db7-80a3-f8cb4beec7cf")
    #expect(uid0 == uid("devicebindings.drydock.dev", "default", "a", 0))
    let all = [
      uid0, uid("devicebindings.drydock.dev", "default", "a", 1), uid("pods", "default", "a", 0),
      uid("devicebindings.drydock.dev", "other", "a", 0),
      uid("devicebindings.drydock.dev", "default", "b", 0),
      IdentitySource(seed: 1).uid(
        resource: "devicebindings.drydock.dev", key: ObjectKey(namespace: "default", name: "a"),
        incarnation: 0),
    ]
    #expect(Set(all).count == all.count)
    for uid in all {
      let text = Array("\(uid)")
      #expect(text[14] == "4")
      #expect("89ab".contains(text[19]))
    }
  }

  @Test("Name suffixes are five characters of Kubernetes' alphabet")
  func suffixes() {
    let source = IdentitySource()
    let alphabet = Set("bcdfghjklmnpqrstvwxz2456789")
    #expect(
      source.nameSuffix(resource: "pods", namespace: "default", base: "web-", index: 0)
        == "rq8tx")
    var seen: Set<String> = []
    for index in 0..<500 {
      let suffix = source.nameSuffix(
        resource: "pods", namespace: "default", base: "web-", index: UInt32(index))
      #expect(suffix.count == 5 && suffix.allSatisfy(alphabet.contains))
      seen.insert(suffix)
    }
    #expect(seen.count > 490)
  }
}

@Suite("Keys: ordered as etcd orders paths")
struct ObjectKeyTests {
  @Test("The order is that of the bytes of the paths")
  func order() {
    var random = SeededRandom(seed: 3)
    let parts = [
      "a", "a-b", "a.b", "ab", "b", "a0", "default", "deployment-00000", "deployment-000000",
      "deployment-0000001", "deployment-0000002", "deployment-00000010",
      "a-name-that-is-long-enough-1", "a-name-that-is-long-enough-2",
    ]
    // Around the 32 bytes of the path that lie in the key itself.
    let long = (20...36).flatMap { count in
      ["a", "b"].map { String(repeating: "x", count: count - 1) + $0 }
    }
    let names = parts + long + ["é", "e\u{301}"]
    for _ in 0..<20_000 {
      let isNamespaced = random.below(4) > 0
      let a = ObjectKey(
        namespace: isNamespaced ? random.pick(parts + long) : "", name: random.pick(names))
      let b = ObjectKey(
        namespace: isNamespaced ? random.pick(parts + long) : "", name: random.pick(names))
      let (left, right) = (Array(a.path.utf8), Array(b.path.utf8))
      #expect((a < b) == left.lexicographicallyPrecedes(right), "\(a) \(b)")
      #expect((a == b) == (left == right), "\(a) \(b)")
      if a == b { #expect(Set([a, b]).count == 1) }
    }
  }

  @Test("The path leaves an empty namespace out")
  func path() {
    #expect(ObjectKey(name: "node").path == "node")
    #expect("\(ObjectKey(namespace: "default", name: "web"))" == "default/web")
  }
}
