import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Printing
import Scalars
import ValueTree

/// Objects and lists in the form that a client asked for.
struct ObjectForms {
  let form: AnswerForm
  /// How much of each object stands in a table's row: `None`, `Metadata` or `Object`.
  let rowObject: String
  let now: Timestamp

  /// The media type of the answer.
  var contentType: String {
    switch form {
    case .table(let version): "application/json;as=Table;v=\(version);g=meta.k8s.io"
    case .metadata(let isList):
      "application/json;as=PartialObjectMetadata\(isList ? "List" : "");v=v1;g=meta.k8s.io"
    default: HTTPAnswer.json
    }
  }

  // MARK: One object

  /// Appends one object.
  func write(
    _ object: APIObject, _ encoding: inout ObjectEncoding, showsColumns: Bool = true,
    to buffer: inout ByteBuffer
  ) {
    switch form {
    case .table:
      writeTableStart(
        of: object.type, ["resourceVersion": Value(String(object.resourceVersion))],
        showsColumns: showsColumns, to: &buffer)
      writeRow(object, &encoding, KindColumns.columns(of: object.type), to: &buffer)
      buffer.writeStaticString("]}")
    case .metadata: writeMetadata(object, &encoding, to: &buffer)
    default:
      encoding.write(object, to: &buffer)
    }
  }

  private func writeMetadata(
    _ object: APIObject, _ encoding: inout ObjectEncoding, to buffer: inout ByteBuffer
  ) {
    ObjectEncoding.writeKind("PartialObjectMetadata", "meta.k8s.io/v1", to: &buffer)
    encoding.writeMetadata(of: object, to: &buffer)
    buffer.writeStaticString("}")
  }

  // MARK: Lists

  /// Appends a list.
  func write(
    _ list: ObjectList, of type: ResourceType, _ encoding: inout ObjectEncoding,
    to buffer: inout ByteBuffer
  ) {
    var metadata: [(Key, Value)] = [("resourceVersion", Value(String(list.revision)))]
    if !list.continueToken.isEmpty { metadata.append(("continue", Value(list.continueToken))) }
    if let count = list.remainingItemCount {
      metadata.append(("remainingItemCount", Value(count)))
    }
    let head = Value(members: metadata)
    switch form {
    case .table:
      writeTableStart(of: type, head, showsColumns: true, to: &buffer)
      let columns = KindColumns.columns(of: type)
      for (index, object) in list.objects.enumerated() {
        if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
        writeRow(object, &encoding, columns, to: &buffer)
      }
    case .metadata:
      writeListStart("PartialObjectMetadataList", "meta.k8s.io/v1", head, to: &buffer)
      for (index, object) in list.objects.enumerated() {
        if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
        writeMetadata(object, &encoding, to: &buffer)
      }
    default:
      writeListStart(type.definition.listKind, type.apiVersion, head, to: &buffer)
      for (index, object) in list.objects.enumerated() {
        encoding.writeItem(object, isFirst: index == 0, to: &buffer)
      }
    }
    buffer.writeStaticString("]}")
  }

  private func writeListStart(
    _ kind: String, _ apiVersion: String, _ metadata: Value, to buffer: inout ByteBuffer
  ) {
    ObjectEncoding.writeKind(kind, apiVersion, to: &buffer)
    buffer.writeStaticString("\"metadata\":")
    ObjectEncoding.write(metadata, to: &buffer)
    buffer.writeStaticString(",\"items\":[")
  }

  // MARK: Tables

  private func writeTableStart(
    of type: ResourceType, _ metadata: Value, showsColumns: Bool, to buffer: inout ByteBuffer
  ) {
    guard case .table(let version) = form else { return }
    ObjectEncoding.writeKind("Table", "meta.k8s.io/\(version)", to: &buffer)
    buffer.writeStaticString("\"metadata\":")
    ObjectEncoding.write(metadata, to: &buffer)
    buffer.writeStaticString(",\"columnDefinitions\":")
    if showsColumns {
      let columns = KindColumns.columns(of: type).map { column in
        [
          "name": Value(column.name), "type": Value(column.type), "format": Value(column.format),
          "description": "", "priority": Value(column.priority),
        ] as Value
      }
      ObjectEncoding.write(Value(columns), to: &buffer)
    } else {
      buffer.writeStaticString("null")
    }
    buffer.writeStaticString(",\"rows\":[")
  }

  private func writeRow(
    _ object: APIObject, _ encoding: inout ObjectEncoding, _ columns: [PrintedColumn],
    to buffer: inout ByteBuffer
  ) {
    buffer.writeStaticString("{\"cells\":")
    ObjectEncoding.write(Value(columns.map { $0.cell(object, now) }), to: &buffer)
    switch rowObject {
    case "None": break
    case "Object":
      buffer.writeStaticString(",\"object\":")
      encoding.write(object, to: &buffer)
    default:
      buffer.writeStaticString(",\"object\":")
      writeMetadata(object, &encoding, to: &buffer)
    }
    buffer.writeStaticString("}")
  }
}
