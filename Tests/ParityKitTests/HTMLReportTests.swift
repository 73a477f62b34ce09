import ParityKit
import Subprocess
import SystemPackage
import Testing

/// The report as a page: what a browser makes of it.
extension Judge {
  @Suite struct HTMLReportTests {
    @Test func aPlantedDifferenceIsMarked() async throws {
      let program = try await FaultyProgram.program("none")
      let scenarios = [
        Scenario.talk("first"), Scenario("second", steps: [.connect("a"), .halfClose("a"), .receive("a", .end)]),
      ]
      var comparison = Comparison(program, try await FaultyProgram.program("byte"), scenarios: scenarios)
      comparison.channels = [.wire, .output, .exit, .leftovers]
      let report = await comparison.run()
      let page = try await Browser.document(of: report.html)
      let facts = try await Browser.ask(
        page,
        """
        def some(name, kind): return [e for e in all if e[0] == name and kind in (e[1].get('class') or '').split()]
        print([e[2] for e in all if e[0] == 'h1'], [e[2] for e in all if e[0] == 'title'])
        print([e[2] for e in some('td', 'different')], len(some('td', 'same')))
        print([e[2] for e in all if e[0] == 'mark'])
        print([e[2] for e in some('li', 'apart')])
        print(['open' in e[1] for e in some('details', 'scenario')])
        """)
      #expect(
        facts == """
          ['✗different: The programs differ'] ['different: faulty and faulty · parity']
          ['✗ differs'] 7
          ['l', 'm', 'l', 'm', 'l', 'm']
          ['leftthe program: hello\\\\n 6 bytes≠differsrightthe program: hemlo\\\\n 6 bytes']
          [True, False]

          """)
    }

    /// What reads a page aloud, or goes through it by keyboard, finds its way.
    @Test func itHasAnOutline() async throws {
      let report = try await FaultyProgram.judge("time", against: "time", .talk())
      let facts = try await Browser.ask(
        report.html,
        """
        print([e[1].get('lang') for e in all if e[0] == 'html'], len([e for e in all if e[0] in ('script', 'img', 'link')]))
        levels = [int(e[0][1]) for e in all if len(e[0]) == 2 and e[0][0] == 'h' and e[0][1].isdigit()]
        print(levels[0], levels.count(1), all_steps := max(b - a for a, b in zip(levels, levels[1:])))
        print([e[2] for e in all if e[0] == 'th' and e[1].get('scope') not in ('row', 'col')])
        print(len([e for e in all if e[0] == 'table']) - len([e for e in all if e[0] == 'caption']))
        ids = [e[1]['id'] for e in all if 'id' in e[1]]
        links = [e[1]['href'] for e in all if e[0] == 'a']
        print(len(ids) - len(set(ids)), [link for link in links if link[0] != '#' or link[1:] not in ids], len(links) >= 2)
        print('Masks' in [e[2] for e in all if e[0] == 'h4'])
        print(len([e for e in all if e[1].get('class') in ('apart', 'pair apart')]), len([e for e in all if e[1].get('class') in ('noise', 'pair noise')]))
        """)
      #expect(facts == "['en'] 0\n1 1 1\n[]\n0\n0 [] True\nTrue\n0 2\n")
      let complaints = try await Browser.complaints(about: report.html)
      #expect(complaints == "")
    }

    @Test func nothingThatAProgramPrintsRuns() async throws {
      let attack = #"<img src=x onerror="document.title=1"><script>document.title=2</script>\033[31m\377\342\200\256'&"#
      let program = Program(words: ["printf", attack])
      let steps = [Step.waitForExit()]
      let name = "<script>document.title=3</script>\u{202E}\u{7}\""
      let report = await Comparison(
        program, Program(words: ["printf", "!" + attack]), scenarios: [Scenario(name, role: .filter, steps: steps)]
      ).run()
      let page = try await Browser.document(of: report.html)
      let facts = try await Browser.ask(
        page,
        """
        print(len([e for e in all if e[0] in ('script', 'img')]), [e[2] for e in all if e[0] == 'title'])
        print([e[2] for e in all if e[0] == 'h3'][-1])
        print(len([e for e in all if e[0] == 'code' and '<img src=x onerror="document' in e[2] and '\\\\x1b[31m\\\\xff' in e[2]]) == 2)
        """)
      #expect(
        facts == """
          0 ['different: printf and printf · parity']
          ✗different: <script>document.title=3</script>\\u{202e}\\u{7}\"
          True

          """)
      #expect(!page.unicodeScalars.contains("\u{202E}"), "a character that turns what follows it")
    }

    /// However many connections there are, and bytes: the page stays small, and fits a phone.
    @Test func itFitsAPhone() async throws {
      let talk = Scenario.talk("talk", Payload(.bytes([UInt8](0...255)), times: 4))
      let report = try await FaultyProgram.judge("none", Scenario("many", steps: [.repeated(times: 6, talk.steps)]))
      #expect(report.html.contains("2 more connections are not shown"))
      #expect(report.html.utf8.count < 40_000)
      let quoted = report.html.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
      let frame = "<!DOCTYPE html><iframe style='width:320px;height:600px;border:0' srcdoc=\"\(quoted)\"></iframe>"
      let measure = """
        <script>onload = () => {
          const page = document.querySelector('iframe').contentDocument
          for (const details of page.querySelectorAll('details')) details.open = true
          const root = page.documentElement
          document.title = page.querySelectorAll('li').length + ' ' + (root.scrollWidth - root.clientWidth)
            + ' ' + getComputedStyle(page.body).maxWidth
        }</script>
        """
      let page = try await Browser.document(of: frame + measure)
      #expect(page.contains("<title>24 0 1152px</title>"), "\(page.suffix(300))")
    }

    /// The calls of runs under strace stand side by side.
    @Test func callsAreAligned() async throws {
      let report = try await FaultyProgram.judge("option", .talk(), channels: [.calls])
      let facts = try await Browser.ask(
        report.html,
        """
        print('System calls' in [e[2] for e in all if e[0] == 'h4'])
        print([e[2] for e in all if e[0] == 'tr' and e[1].get('class') == 'apart'])
        """)
      #expect(facts == "True\n['connection a ≠differsnothingsetsockopt SO_KEEPALIVE = 1']\n")
    }

    @Test func theCommandWritesIt() async throws {
      let folder = try await FaultyProgram.products()
      let script = """
        cd "$(mktemp -d)"; "$1" compare --role filter --left cat --right 'cat -u' --only a-line --html page.html >said
        grep -c '<h1>' page.html; grep -o 'parity compare --role .* --only a-line' page.html | head -n 1; rm -r "$PWD"
        """
      let said = try await FaultyProgram.output("sh", ["-c", script, "-", folder.appending("parity").string])
      #expect(said == "1\nparity compare --role filter --left cat --right &#39;cat -u&#39; --only a-line\n")
    }

    /// Of what is read: 4.5 to 1 at least, in both schemes.
    @Test func itsColoursCanBeRead() async throws {
      let html = try await FaultyProgram.judge("none", .talk()).html
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
          let (first, second) = (light(try #require(scheme[front])), light(try #require(scheme[back])))
          let contrast = (max(first, second) + 0.05) / (min(first, second) + 0.05)
          #expect(contrast >= 4.5, "\(front) on \(back): \(contrast)")
        }
      }
    }

    /// Relative luminance (WCAG 2.2), with the exponent in place of its exact curve.
    private func light(_ colour: Int) -> Double {
      func part(_ shift: Int) -> Double {
        let value = Double(colour >> shift & 0xFF) / 255
        return value * value * (0.305306011 * value + 0.682171111) + 0.012522878 * value
      }
      return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }
  }
}
