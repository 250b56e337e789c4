import Scalars
extension Library {
  static func declareURL(_ table: inout FunctionTable) {}
  static func declareRegex(_ table: inout FunctionTable) {}
  static func declareFormats(_ table: inout FunctionTable) {}
  static func declareAuthorizer(_ table: inout FunctionTable) {}
}
enum TimeZones { static func offset(of zone: String, at time: Timestamp) -> Int? { 0 } }
