extension Library {
  static func declareEncoders(_ table: inout FunctionTable) {
    table.unary("base64.encode", .bytes, .string, cost: .scan([0])) { value in
      guard case .bytes(let bytes) = value else { return .noOverload("base64.encode", [value]) }
      return .string(Base64.encode(bytes))
    }
    table.unary("base64.decode", .string, .bytes, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("base64.decode", [value]) }
      return Base64.decode(text)
    }
  }
}
