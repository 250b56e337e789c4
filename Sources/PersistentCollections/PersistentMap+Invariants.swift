extension PersistentMap {
  /// Traps if the tree is not what its documentation says.
  ///
  /// Compiled in for debug builds, and for others under `DRYDOCK_INTERNAL_CHECKS`; does nothing
  /// otherwise.
  ///
  /// - Complexity: O(`count`)
  package func _checkInvariants() {
    #if DRYDOCK_INTERNAL_CHECKS || DEBUG
      precondition(height == 0 || root.branches.count >= 2, "The root has a single child.")
      let total = check(
        root, height: height, from: nil, to: nil, isOnLeftEdge: true, isOnRightEdge: true)
      precondition(count == total, "The map counts \(count) entries and has \(total).")
    #endif
  }

  #if DRYDOCK_INTERNAL_CHECKS || DEBUG
    /// Checks the tree below `node`, whose keys must lie in `start..<end`, and returns how many
    /// there are.
    private func check(
      _ node: Node,
      height: Int,
      from start: Key?,
      to end: Key?,
      isOnLeftEdge: Bool,
      isOnRightEdge: Bool
    ) -> Int {
      let isRoot = isOnLeftEdge && isOnRightEdge
      precondition(node.size <= fanOut, "A node is overfull.")
      precondition(
        node.size >= (isRoot ? 0 : isOnLeftEdge || isOnRightEdge ? 1 : fanOut / 2),
        "A node is less than half full, and not on an edge of the tree.")
      if height == 0 {
        precondition(node.branches.isEmpty, "A leaf has branches.")
        var previous: Key?
        for key in node.entries.map(\.key) {
          precondition(previous.map { $0 < key } ?? true, "Keys do not ascend.")
          precondition(start.map { $0 <= key } ?? true, "A key is less than its separator.")
          precondition(end.map { key < $0 } ?? true, "A key reaches the next separator.")
          previous = key
        }
        return node.entries.count
      }
      precondition(node.entries.isEmpty, "An inner node has entries.")
      var total = 0
      for (position, branch) in node.branches.enumerated() {
        let isFirst = position == 0
        let isLast = position == node.branches.count - 1
        total += check(
          branch.node, height: height - 1,
          from: isFirst ? start : branch.separator,
          to: isLast ? end : node.branches[position + 1].separator,
          isOnLeftEdge: isOnLeftEdge && isFirst, isOnRightEdge: isOnRightEdge && isLast)
      }
      return total
    }
  #endif

  /// The sizes of all nodes, each before its children, with which tests compare the form of two
  /// trees.
  package var _nodeSizes: [Int] {
    var sizes: [Int] = []
    func visit(_ node: Node) {
      sizes.append(node.size)
      for branch in node.branches {
        visit(branch.node)
      }
    }
    visit(root)
    return sizes
  }
}
