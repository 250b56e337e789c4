import APIMachinery
import ValueTree

/// How large an object may be: etcd takes no request of more than 1.5 MiB (semantics 2.8).
enum StoredSize {
  static let bytesMax = 1536 * 1024

  /// How many times as large as its value an object's text can be: the name of a field may be a number in a value,
  /// and a control character is written with six letters.
  private static let textFactorMax = 8

  /// Refuses an object that etcd would not take.
  ///
  /// Its size is that of its JSON text; built-in kinds are stored in a binary form that is a little smaller.
  ///
  /// - Complexity: O(1) for objects of less than an eighth of the limit, which is nearly all of them.
  static func check(_ header: ObjectHeader, _ body: Value, _ type: ResourceType) throws(StatusError)
  {
    guard body.storageBytes * textFactorMax > bytesMax else { return }
    // The revision is no part of what is stored.
    var header = header
    header.resourceVersion = 0
    let text = JSONWriter().bytes(APIObject(type: type, header: header, body: body).value)
    guard text.count <= bytesMax else { throw .objectTooLarge }
  }
}
