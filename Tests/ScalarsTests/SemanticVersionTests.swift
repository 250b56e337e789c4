import Scalars
import Testing

@Suite("Versions follow Semantic Versioning 2.0 and Kubernetes' leniency")
struct SemanticVersionTests {
  @Test(
    "A strict version prints as it was written",
    arguments: [
      "1.2.3", "0.0.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-0.3.7", "1.0.0-x-y-z.--",
      "1.0.0+20130313144700", "1.0.0-beta+exp.sha.5114f85", "1.0.0+001", "1.0.0--",
      "18446744073709551615.0.0", "1.0.0-0a",
    ])
  func strict(text: String) throws {
    #expect(try SemanticVersion(parsing: text).description == text)
  }

  @Test(
    "A text that is no strict version is refused",
    arguments: [
      "", "1", "1.2", "v1.2.3", "01.2.3", "1.02.3", "1.2.03", "1.2.3-", "1.2.3-01", "1.2.3-a..b",
      "1.2.3+", "1.2.3+a..b", "1.2.3-é", "1.2.3.4", "a.b.c", "-1.2.3", "1.2.3 ", "200K",
      "18446744073709551616.0.0", "1.0.0-18446744073709551616", "1.2.3+a+b", "1..3",
    ])
  func refused(text: String) {
    #expect(throws: ScalarError.self) { try SemanticVersion(parsing: text) }
  }

  @Test("Precedence rises along the chain of the specification")
  func precedence() throws {
    let chain = [
      "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
      "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "1.11.0", "2.0.0",
    ]
    let versions = try chain.map { try SemanticVersion(parsing: $0) }
    for (index, lower) in versions.enumerated() {
      for higher in versions[(index + 1)...] {
        #expect(lower < higher)
        #expect(!(higher < lower))
        #expect(lower != higher)
      }
    }
    let (a, b) = (try SemanticVersion(parsing: "1.0.0+a"), try SemanticVersion(parsing: "1.0.0+b"))
    #expect(a == b && a.hashValue == b.hashValue && !(a < b))
    #expect(SemanticVersion(1, 2, 3).description == "1.2.3")
  }

  @Test(
    "Normalising drops the v, pads what is missing and strips leading zeros",
    arguments: [
      ("v1.2.3", "1.2.3"), ("1", "1.0.0"), ("v1.2", "1.2.0"), ("01.02.03", "1.2.3"),
      ("1.0.00-alpha", "1.0.0-alpha"), ("000.00.0", "0.0.0"), ("v1.2.03-rc.1+b", "1.2.3-rc.1+b"),
      ("1.2.3", "1.2.3"),
    ])
  func normalizing(text: String, expected: String) throws {
    #expect(try SemanticVersion(normalizing: text).description == expected)
  }

  @Test(
    "Normalising still refuses what is no version",
    arguments: [
      "", "v", "V1.2.3", "vv1", "1-rc", "1.2+b", "1.2.3.4", "1.2.3-01", " 1.2.3", "1..", "Three",
    ])
  func normalizingRefuses(text: String) {
    #expect(throws: ScalarError.self) { try SemanticVersion(normalizing: text) }
  }
}
