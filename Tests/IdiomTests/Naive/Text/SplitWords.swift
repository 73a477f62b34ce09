import Glibc

func splitWords(_ line: String) -> [String] {
  var words: [String] = []
  var line = line
  var rest: UnsafeMutablePointer<CChar>?
  var word = strtok_r(&line, " \t\r\n", &rest)
  while word != nil {
    words.append(String(cString: word!))
    word = strtok_r(nil, " \t\r\n", &rest)
  }
  return words
}

func splitValue(_ word: String) -> String? {
  let equals = strchr(word, '=')
  return equals == nil ? nil : String(cString: equals + 1)
}
