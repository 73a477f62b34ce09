/// The record that a server logs when a client has ended.
struct LogRecord: Hashable {
  let peer, end: String
  let received, sent: Int

  /// The records of clients in a JSON log, by peer.
  static func clients(in log: String) throws -> [String: LogRecord] {
    let fields = /"message":"client","end":"([^"]*)",.*"peer":"([^"]*)","received":(\d+),"sent":(\d+)/
    var records: [String: LogRecord] = [:]
    for line in log.split(separator: "\n") {
      guard let found = line.firstMatch(of: fields)?.output else { continue }
      let record = LogRecord(
        peer: String(found.2), end: String(found.1), received: Int(found.3) ?? -1, sent: Int(found.4) ?? -1)
      guard records.updateValue(record, forKey: record.peer) == nil else {
        throw RunFailure(description: "two records of \(record.peer)")
      }
    }
    return records
  }
}

extension String {
  /// The lines of a JSON log, sorted, without what may differ between two runs: times, ports and random names.
  var records: [String] {
    masked.replacing(/"time":"[^"]*",/) { _ in "" }.replacing(/"milliseconds":\d+,/) { _ in "" }
      .replacing(/unix:@crowd-\d+-\d+/) { _ in "unix:@NAME" }
      .split(separator: "\n").map { String($0) }.sorted()
  }
}
