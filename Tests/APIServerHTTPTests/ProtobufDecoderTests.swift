import APIMachinery
import Testing
import ValueTree

@testable import APIServerHTTP

@Suite("Protobuf bodies: one decoder for all built-in kinds")
struct ProtobufDecoderTests {
  /// Writes messages as a client does.
  struct Message {
    var bytes: [UInt8] = []

    func number(_ field: UInt64, _ value: UInt64) -> Message {
      var copy = self
      copy.varint(field << 3)
      copy.varint(value)
      return copy
    }

    func text(_ field: UInt64, _ text: String) -> Message { bytes(field, Array(text.utf8)) }

    func message(_ field: UInt64, _ inner: Message) -> Message { bytes(field, inner.bytes) }

    func bytes(_ field: UInt64, _ content: [UInt8]) -> Message {
      var copy = self
      copy.varint(field << 3 | 2)
      copy.varint(UInt64(content.count))
      copy.bytes += content
      return copy
    }

    private mutating func varint(_ value: UInt64) {
      var rest = value
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
  }

  private func body(_ apiVersion: String, _ kind: String, _ object: Message) -> [UInt8] {
    ProtobufDecoder.magic
      + Message().message(1, Message().text(1, apiVersion).text(2, kind))
      .message(2, object).text(3, "").text(4, "").bytes
  }

  private func json(_ text: String) throws -> Value {
    var reader = JSONReader()
    return try reader.read(text)
  }

  @Test("Maps, bytes, and a creation time that was never set")
  func secret() throws {
    let metadata = Message().text(1, "s").text(3, "ns").message(8, Message())
      .message(11, Message().text(1, "a").text(2, "b"))
    let secret = Message().message(1, metadata)
      .message(2, Message().text(1, "p").bytes(2, [0xFB, 0xFF, 0x00])).text(3, "Opaque")
    #expect(
      try ProtobufDecoder.object(in: body("v1", "Secret", secret))
        == json(
          #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"ns","labels":{"a":"b"}},"data":{"p":"+/8A"},"type":"Opaque"}"#
        ))
  }

  @Test("Zeros go, but for those that say something")
  func zeros() throws {
    let spec = Message().number(1, 0).number(5, 0)
    let deployment = Message().message(2, spec)
    #expect(
      try ProtobufDecoder.object(in: body("apps/v1", "Deployment", deployment))["spec"]
        == ["replicas": 0])
  }

  @Test("Fields that stand inline in JSON, numbers or texts, quantities")
  func pod() throws {
    let probe = Message().message(
      1,
      Message().message(2, Message().text(1, "/").message(2, Message().number(1, 0).number(2, 80))))
    let container = Message().text(1, "c").message(10, probe)
      .message(
        8,
        Message().message(
          1, Message().text(1, "cpu").message(2, Message().text(1, "100m"))))
    let volume = Message().text(1, "v").message(
      2, Message().message(19, Message().message(1, Message().text(1, "cm"))))
    let pod = Message().message(2, Message().message(1, volume).message(2, container))
    #expect(
      try ProtobufDecoder.object(in: body("v1", "Pod", pod))["spec"]
        == json(
          #"{"volumes":[{"name":"v","configMap":{"name":"cm"}}],"containers":[{"name":"c","livenessProbe":{"httpGet":{"path":"/","port":80}},"resources":{"limits":{"cpu":"100m"}}}]}"#
        ))
  }

  @Test("Times with six digits")
  func lease() throws {
    let spec = Message().text(1, "me").number(2, 15)
      .message(3, Message().number(1, 1_767_225_600).number(2, 5_000))
    let lease = Message().message(2, spec)
    #expect(
      try ProtobufDecoder.object(in: body("coordination.k8s.io/v1", "Lease", lease))["spec"]
        == json(
          #"{"holderIdentity":"me","leaseDurationSeconds":15,"acquireTime":"2026-01-01T00:00:00.000005Z"}"#
        ))
  }

  @Test("Options of a deletion come in any group, and an unknown field is passed over")
  func options() throws {
    let options = Message().number(1, 0).text(4, "Foreground").number(99, 1)
    let value = try ProtobufDecoder.object(in: body("apps/v1", "DeleteOptions", options))
    #expect(try DeleteOptions(reading: value).gracePeriodSeconds == 0)
    #expect(try DeleteOptions(reading: value).propagationPolicy == .foreground)
  }

  @Test("What is cut off anywhere, or is of no known kind, is a bad request and no crash")
  func refusals() throws {
    let whole = body("v1", "ConfigMap", Message().message(1, Message().text(1, "name")))
    for count in 0..<whole.count - 4 {
      // A cut between two fields leaves a shorter message that is right in itself.
      do { _ = try ProtobufDecoder.object(in: Array(whole[..<count])) } catch {
        #expect(error.reason == .badRequest)
      }
    }
    #expect(throws: StatusError.self) {
      try ProtobufDecoder.object(in: body("example.com/v1", "Widget", Message()))
    }
  }

  @Test(
    "Base64 of every remainder",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")])
  func base64(_ text: String, _ expected: String) {
    #expect(Base64.text(Array(text.utf8)) == expected)
  }
}
