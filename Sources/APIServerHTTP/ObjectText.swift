import APIMachinery
import Scalars
import ValueTree

/// Writes objects as JSON straight from their parts, without making a value of header and body first.
struct ObjectText {
  private let writer = JSONWriter(escapesHTML: true)
  /// The last time that was written: objects of one burst were made in the same second.
  private var known: (seconds: Int64, text: [UInt8])?

  /// Appends `"metadata":{…}`, in the order in which Kubernetes has its fields.
  mutating func appendMetadata(of object: APIObject, to bytes: inout [UInt8]) {
    let header = object.header
    bytes += "\"metadata\":{".utf8
    let start = bytes.count
    if !header.name.isEmpty { append("name", header.name, start, &bytes) }
    if !header.namespace.isEmpty { append("namespace", header.namespace, start, &bytes) }
    if let uid = header.uid {
      append("uid", start, &bytes)
      bytes.append(UInt8(ascii: "\""))
      Self.append(uid, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    if header.resourceVersion > 0 {
      append("resourceVersion", start, &bytes)
      bytes.append(UInt8(ascii: "\""))
      Self.append(header.resourceVersion, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    if header.generation > 0 {
      append("generation", start, &bytes)
      Self.append(UInt64(header.generation), to: &bytes)
    }
    if let time = header.creationTimestamp {
      append("creationTimestamp", start, &bytes)
      append(time, to: &bytes)
    }
    if let time = header.deletionTimestamp {
      append("deletionTimestamp", start, &bytes)
      append(time, to: &bytes)
    }
    if let grace = header.deletionGracePeriodSeconds {
      append("deletionGracePeriodSeconds", start, &bytes)
      bytes += String(grace).utf8
    }
    if let metadata = object.body[Fields.metadata] {
      for (key, member) in metadata.members {
        append(key.text, start, &bytes)
        writer.write(member, to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends what an object has beside its metadata: `,"spec":…`.
  func appendContent(of object: APIObject, to bytes: inout [UInt8]) {
    for (key, member) in object.body.members where key != Fields.metadata {
      append(key.text, -1, &bytes)
      writer.write(member, to: &bytes)
    }
  }

  /// Appends the name of a member, behind a comma where something stands before it.
  private func append(_ name: String, _ start: Int, _ bytes: inout [UInt8]) {
    if bytes.count != start { bytes.append(UInt8(ascii: ",")) }
    appendText(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
  }

  private func append(_ name: String, _ text: String, _ start: Int, _ bytes: inout [UInt8]) {
    append(name, start, &bytes)
    appendText(text, to: &bytes)
  }

  private func appendText(_ text: String, to bytes: inout [UInt8]) {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "&")
    }
    guard isPlain else { return writer.write(Value(text), to: &bytes) }
    bytes.append(UInt8(ascii: "\""))
    bytes += text.utf8
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ time: Timestamp, to bytes: inout [UInt8]) {
    if let known, known.seconds == time.seconds {
      bytes += known.text
      return
    }
    let text = Array("\"\(time.text(.seconds))\"".utf8)
    known = (time.seconds, text)
    bytes += text
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    let start = bytes.count
    var rest = number
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  private static func append(_ uid: UID, to bytes: inout [UInt8]) {
    for place in 0..<32 {
      if place == 8 || place == 12 || place == 16 || place == 20 {
        bytes.append(UInt8(ascii: "-"))
      }
      let half = place < 16 ? uid.high : uid.low
      let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - place % 16 * 4)) & 0xF
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
