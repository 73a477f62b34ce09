import Glibc

struct ClientRecord {
  let name: String
  let bytes: Int
}

func sortRecords(_ records: inout [ClientRecord]) {
  qsort(&records, records.count, MemoryLayout<ClientRecord>.size) { a, b in
    let left = a!.load(as: ClientRecord.self)
    let right = b!.load(as: ClientRecord.self)
    return CInt(right.bytes - left.bytes)
  }
}
