import Testing

/// Bundles that the command writes and verifies.
extension Judge {
  @Suite struct BundleTests {
    @Test("A bundle is verified, and each change of it, of a program and of the machine's tools is named")
    func verification() async throws {
      let text = try await Script.run("bundle.sh", [try await Script.product("parity")])
      #expect(text == Self.expected)
    }

    private static let expected = #"""
      proof.tar 600 status 0
        intact
      status 0
      proof.tar.gz 600 status 0
        intact
      status 0
      proof.tar.zst 600 status 0
        intact
      status 0
      unchanged
        still true
      status 0
      the printed hash
      another left of the same behaviour
        the left program is another file than then
        still true
      status 0
      a changed right
        the right program is another file than then
        output: same then, DIFFER now
        the right program behaves otherwise than then
        no longer true
      status 1
        no longer true different [True, False]
      a missing right
        the right program is missing
        not judged
      status 2
      sed -i s/hello/hallo/ transcripts/a-line/left-1.json
        transcripts/a-line/left-1.json was changed: HASH then, HASH now
        not judged
      status 2
      rm masks.yaml; echo > added
        masks.yaml is missing
        added was added
        not judged
      status 2
      ln -s /etc/passwd link
        link: it is not a regular file
      status 2
      rm manifest.json
        has no manifest.json
      status 2
      cp masks.yaml ../outside
        ../masks.yaml: its name could lead out of the archive
      status 2
      a bomb
        zstd: more than 134217728 bytes
      status 2
      no archive
        zstd: /*stdin*\\: unsupported format
      status 2
      /no-such-folder/x.tar: can't be written: No such file or directory
      status 2, 0 bytes
      folder.tar: can't be replaced: it is a folder
      status 2, 0 bytes
      x.zip: the ending does not say how the archive is compressed; allowed: .tar, .tar.gz, .tar.zst
      status 2, 0 bytes
      x.tar.zst: zstd is not installed; its Debian package is zstd, status 2
      nothing is left

      """#
  }
}
