// The modes of the files that a server creates.
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct FileTests {
    /// In a process of its own, because the umask is the process's.
    @Test(
      "A server's files get mode 0600 whatever the umask", arguments: EngineName.allCases,
      [0o777, 0o277, 0] as [mode_t])
    func umask(_ which: EngineName, _ mask: mode_t) async {
      await #expect(processExitsWith: .success) { [which, mask] in
        let folder = try TemporaryFolder()
        Glibc.umask(mask)
        let server = try which.engine.openServer([.unix(path: folder.path("hello"))], backlog: 1, observer: nil)
        let pipe = try which.engine.listen(at: .pipe(path: folder.path("hello")), LinkSizes(), observer: nil)
        for (name, type) in [("", S_IFSOCK), (".lock", S_IFREG), (".in", S_IFIFO), (".out", S_IFIFO)] {
          #expect(try TestSystem.status(folder.path("hello" + name)).st_mode == type | 0o600, "\(name)")
        }
        try which.engine.close(server)
        try which.engine.close(pipe)
        for name in ["", ".starting", ".lock", ".in", ".out", ".new"] {
          #expect(throws: Errno.noSuchFileOrDirectory) { try TestSystem.status(folder.path("hello" + name)) }
        }
      }
    }
  }
}
