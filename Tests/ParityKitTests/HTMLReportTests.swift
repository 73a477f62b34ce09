import ParityKit
import Testing

/// The HTML page of a report, as a browser and other programs read it.
extension Judge {
  @Suite struct HTMLReportTests {
    @Test("The page marks a difference")
    func difference() async throws {
      let program = try await FaultyProgram.program("none")
      let scenarios = [
        Scenario.exchange("first"), Scenario("second", steps: [.connect("a"), .halfClose("a"), .receive("a", .end)]),
      ]
      var comparison = Comparison(program, try await FaultyProgram.program("byte"), scenarios: scenarios)
      comparison.channels = [.wire, .output, .exit, .leftovers]
      let report = await comparison.run()
      let page = try await Browser.document(of: report.html)
      let facts = try await Browser.facts("difference", of: page)
      #expect(
        facts == """
          ['✗different: The programs differ'] ['different: faulty and faulty · parity']
          ['✗ differs'] 7
          ['l', 'm', 'l', 'm', 'l', 'm']
          ['leftthe program: hello\\\\n 6 bytes≠differsrightthe program: hemlo\\\\n 6 bytes']
          [True, False]

          """)
    }

    @Test("The page has an outline, and labels for screen readers")
    func outline() async throws {
      let report = try await FaultyProgram.judge("time", against: "time", .exchange())
      let facts = try await Browser.facts("outline", of: report.html)
      #expect(facts == "['en'] 0\n1 1 1\n[]\n0\n0 [] True\nTrue\n0 2\n")
      #expect(try await Browser.problems(in: report.html) == "")
    }

    @Test("Output of a program can't become markup or a script")
    func escaping() async throws {
      let attack = #"<img src=x onerror="document.title=1"><script>document.title=2</script>\033[31m\377\342\200\256'&"#
      let program = Program(words: ["printf", attack])
      let steps = [Step.waitForExit()]
      let name = "<script>document.title=3</script>\u{202E}\u{7}\""
      let report = await Comparison(
        program, Program(words: ["printf", "!" + attack]), scenarios: [Scenario(name, role: .filter, steps: steps)]
      ).run()
      let page = try await Browser.document(of: report.html)
      let facts = try await Browser.facts("escaping", of: page)
      #expect(
        facts == """
          0 ['different: printf and printf · parity']
          ✗different: <script>document.title=3</script>\\u{202e}\\u{7}\"
          True

          """)
      #expect(
        !page.unicodeScalars.contains("\u{202E}"), "the page contains a character that reverses the text after it")
    }

    @Test("The page fits a phone, however many connections and bytes there are")
    func phone() async throws {
      let exchange = Scenario.exchange("many bytes", Payload(.bytes([UInt8](0...255)), times: 4))
      let report = try await FaultyProgram.judge("none", Scenario("many", steps: [.repeated(times: 6, exchange.steps)]))
      #expect(report.html.contains("2 more connections are not shown"))
      #expect(report.html.utf8.count < 40_000)
      let quoted = report.html.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
      let phone = try await Script.text(of: "phone.html").replacing("{page}", with: quoted)
      let page = try await Browser.document(of: phone)
      #expect(page.contains("<title>24 0 1152px</title>"), "\(page.suffix(300))")
    }

    @Test("The system calls of both sides are aligned")
    func calls() async throws {
      let report = try await FaultyProgram.judge("option", .exchange(), channels: [.calls])
      let facts = try await Browser.facts("calls", of: report.html)
      #expect(facts == "True\n['connection a ≠differsnothingsetsockopt SO_KEEPALIVE = 1']\n")
    }

    @Test("The command writes the page")
    func htmlOption() async throws {
      let script = """
        cd "$(mktemp -d)"; "$1" compare --role filter --left cat --right 'cat -u' --only a-line --html page.html >text
        grep -c '<h1>' page.html; grep -o 'parity compare --role .* --only a-line' page.html | head -n 1; rm -r "$PWD"
        """
      let text = try await Script.output("sh", ["-c", script, "-", try await Script.product("parity")])
      #expect(text == "1\nparity compare --role filter --left cat --right &#39;cat -u&#39; --only a-line\n")
    }

    @Test("The contrast of text is at least 4.5 in both colour schemes")
    func contrast() async throws {
      let html = try await FaultyProgram.judge("none", .exchange()).html
      let schemes = html.matches(of: /:root \{([^}]*)\}/).map { scheme in
        Dictionary(
          uniqueKeysWithValues: scheme.1.matches(of: /--([a-z-]+): #([0-9a-f]{6});/).map {
            (String($0.1), Int($0.2, radix: 16) ?? 0)
          })
      }
      #expect(schemes.count == 2)
      let pairs = [
        ("ink", "paper"), ("ink", "panel"), ("ink", "bad-back"), ("ink", "mark"), ("muted", "paper"),
        ("muted", "panel"), ("muted", "bad-back"), ("good", "paper"), ("bad", "paper"), ("bad", "bad-back"),
        ("warn", "paper"), ("warn", "warn-back"), ("link", "paper"), ("link", "panel"),
      ]
      for scheme in schemes {
        for (front, back) in pairs {
          let (first, second) = (luminance(try #require(scheme[front])), luminance(try #require(scheme[back])))
          let contrast = (max(first, second) + 0.05) / (min(first, second) + 0.05)
          #expect(contrast >= 4.5, "\(front) on \(back): \(contrast)")
        }
      }
    }

    /// Relative luminance (WCAG 2.2), with the exponent in place of its exact curve.
    private func luminance(_ colour: Int) -> Double {
      func linear(_ shift: Int) -> Double {
        let value = Double(colour >> shift & 0xFF) / 255
        return value * value * (0.305306011 * value + 0.682171111) + 0.012522878 * value
      }
      return 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
    }
  }
}
