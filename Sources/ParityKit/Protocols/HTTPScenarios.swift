/// The scenarios of HTTP/1.1.
enum HTTPScenarios {
  static var all: [Scenario] { requests + bodies + pieces + malformedRequests + malformedHeaders + connections }

  private static func http(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
    Scenario("http-\(name)", about: about, steps: .connected("a") + steps)
  }

  private static let close = "Connection: close"
  private static let get = request("GET / HTTP/1.1", close)
  private static let ending: [Step] = [.receive("a", .end, within: 300), .close("a")]

  private static func request(_ line: String, _ headers: String..., body: String = "") -> Payload {
    let lines = [line, "Host: localhost"] + headers + ["", ""]
    return Payload(.text(lines.joined(separator: "\r\n") + body))
  }

  /// A request to which the server answers, and closes.
  private static func once(_ name: String, _ about: String, _ request: Payload, _ pieces: Pieces = Pieces()) -> Scenario
  {
    http(name, about, [.send("a", request, pieces)] + ending)
  }

  /// Requests that each have a connection of their own.
  private static func each(_ name: String, _ about: String, _ requests: Payload...) -> Scenario {
    let steps = zip(["a", "b", "c"], requests).flatMap { peer, request in
      .connected(peer) + [.send(peer, request), .receive(peer, .end, within: 300), .close(peer)]
    }
    return Scenario("http-\(name)", about: about, steps: steps)
  }

  private static var requests: [Scenario] {
    [
      once("get", "A client gets the root.", get),
      once("get-1.0", "A client gets the root as HTTP/1.0.", "GET / HTTP/1.0\r\n\r\n"),
      once("head", "A client asks for the head of the root.", request("HEAD / HTTP/1.1", close)),
      once("options", "A client asks for the options of the server.", request("OPTIONS * HTTP/1.1", close)),
      once("not-found", "A client gets a path that does not exist.", request("GET /does/not/exist HTTP/1.1", close)),
      once("query", "A path has a query.", request("GET /?a=1&b=%20 HTTP/1.1", close)),
      once("absolute", "A request contains a whole URL.", request("GET http://localhost/ HTTP/1.1", close)),
      each(
        "dot-dot", "A path leaves the server's folder, as it is and encoded.",
        request("GET /../../../../../../etc/os-release HTTP/1.1", close),
        request("GET /%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/os-release HTTP/1.1", close)),
      each(
        "range", "A client gets the first five bytes, and bytes behind the end.",
        request("GET / HTTP/1.1", "Range: bytes=0-4", close), request("GET / HTTP/1.1", "Range: bytes=99999999-", close)
      ),
      once(
        "not-modified", "A client has a copy that is newer.",
        request("GET / HTTP/1.1", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", close)),
    ]
  }

  private static var bodies: [Scenario] {
    let expecting = request("POST / HTTP/1.1", "Content-Length: 5", "Expect: 100-continue", close)
    let chunked = "Transfer-Encoding: chunked"
    return [
      once("post", "A client posts five bytes.", request("POST / HTTP/1.1", "Content-Length: 5", close, body: "hello")),
      http(
        "expect-100", "A client waits before it sends the body.", .ask("a", expecting) + [.send("a", "hello")] + ending),
      once(
        "chunked", "A body has two chunks.",
        request("POST / HTTP/1.1", chunked, close, body: "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")),
      once(
        "chunked-bad-size", "The size of a chunk is not a number.",
        request("POST / HTTP/1.1", chunked, close, body: "zz\r\n")),
      http(
        "body-never-ends", "A client half-closes amid a body.",
        [.send("a", request("POST / HTTP/1.1", "Content-Length: 10", close, body: "hel")), .settle(), .halfClose("a")]
          + ending),
    ]
  }

  private static var pieces: [Scenario] {
    let first = request("GET / HTTP/1.1")
    return [
      once("every-byte", "A request arrives one byte at a time.", "GET / HTTP/1.0\r\n\r\n", Pieces(.everyByte)),
      once("line-by-line", "Each line of a request arrives separately.", get, get.byLine),
      http("pipelined", "Three requests arrive at once.", [.send("a", first + first + get)] + ending),
      http(
        "keep-alive", "A client sends a second request after the answer.", .ask("a", first) + [.send("a", get)] + ending
      ),
      http(
        "keep-alive-not-found", "A request follows one for a path that does not exist.",
        .ask("a", request("GET /does/not/exist HTTP/1.1")) + [.send("a", get)] + ending),
    ]
  }

  private static var malformedRequests: [Scenario] {
    [
      each(
        "unknown-verb", "The method is unknown, or has small letters.", request("BREW / HTTP/1.1", close),
        request("get / HTTP/1.1", close)),
      each(
        "bad-version", "The version is unknown, or missing.", request("GET / HTTP/9.9", close), "GET /\r\n\r\n",
        "GET\r\n\r\n"),
      each(
        "bad-path", "A path contains a NUL byte, or is encoded wrongly.", request("GET /a\0b HTTP/1.1", close),
        request("GET /%zz%2 HTTP/1.1", close)),
      once("missing-host", "A request of HTTP/1.1 has no host.", .lines("GET / HTTP/1.1", close, "")),
      once("bare-lf", "The lines end with LF alone.", Payload(.text("GET / HTTP/1.1\nHost: localhost\n\(close)\n\n"))),
      once("empty-line-first", "An empty line precedes the request.", "\r\n" + get),
      once("long-path", "A path has 5,000 bytes.", .long("GET /", 5000, " HTTP/1.0\r\n\r\n")),
      once("bytes-0-to-255", "The request is every byte value once.", Scenario.allBytes + "\r\n\r\n"),
    ]
  }

  private static var malformedHeaders: [Scenario] {
    func sending(_ headers: String..., body: String) -> Payload {
      Payload(.text((["POST / HTTP/1.1", "Host: localhost", close] + headers + ["", body]).joined(separator: "\r\n")))
    }
    return [
      each(
        "bad-header", "A header has a NUL byte, no colon, or a space before it.",
        request("GET / HTTP/1.1", "X-Nul: a\0b", close), request("GET / HTTP/1.1", "nonsense", close),
        request("GET / HTTP/1.1", "X-Space : a", close)),
      each(
        "bad-length", "The length of the body is negative, not a number, or exceeds 64 bits.",
        sending("Content-Length: -5", body: ""), sending("Content-Length: five", body: ""),
        sending("Content-Length: 99999999999999999999", body: "")),
      once("large-header", "A header has 6,000 bytes.", .long("GET / HTTP/1.0\r\nX-Large: ", 6000, "\r\n\r\n")),
      once("two-lengths", "Two lengths disagree.", sending("Content-Length: 5", "Content-Length: 0", body: "")),
      once(
        "length-and-chunked", "A body has a length and chunks.",
        sending("Content-Length: 5", "Transfer-Encoding: chunked", body: "0\r\n\r\n")),
    ]
  }

  private static var connections: [Scenario] {
    let half: Payload = "GET / HTTP/1.1\r\nHo"
    func another(_ request: Payload = get) -> [Step] {
      [.settle(milliseconds: 50)] + .connected("b") + [
        .send("b", request), .receive("b", .end, within: 300), .close("b"),
      ]
    }
    return [
      http("half-close", "A client half-closes after its request.", [.send("a", get)] + Scenario.readToEnd("a")),
      http(
        "half-close-amid", "A client half-closes amid its request.",
        [.send("a", half), .settle()] + Scenario.readToEnd("a")),
      http(
        "close-amid", "A client leaves amid its request; another one connects.",
        [.send("a", half), .settle(), .close("a")] + another()),
      http(
        "reset-amid", "A client resets amid its request; another one connects.",
        [.send("a", half), .settle(), .reset("a")] + another()),
      Scenario(
        "http-reset-amid-answer", about: "A client resets before it reads the answer; another one connects.",
        steps: [.connect("a", Manner(window: 1, reads: false)), .settle(), .send("a", get), .settle(), .reset("a")]
          + another()),
      http(
        "two-clients", "A client stalls amid its request, while another one is served.",
        [.send("a", half), .settle()] + another() + [.send("a", .lines("st: localhost", close, ""))] + ending),
    ]
  }
}
