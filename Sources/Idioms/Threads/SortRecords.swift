/// A client, and how many bytes it sent.
struct ClientRecord: Equatable {
  let name: String
  let bytes: Int
}

/// Sorts records: the most bytes first, and those of the same number by
/// their names.
func sortRecords(_ records: inout [ClientRecord]) {
  records.sort { left, right in
    // Tuples compare their elements in order.
    (right.bytes, left.name) < (left.bytes, right.name)
  }
}
