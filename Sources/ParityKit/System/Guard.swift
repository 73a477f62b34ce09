internal import SystemPackage

/// A process that outlives the judge for a moment, and kills what the runs of the judge have left, even after SIGKILL.
enum Guard {
  /// The process, which is started once; 0 if that failed. It waits for the end of its input, which only the judge
  /// holds open.
  static let process: CInt = {
    guard let pipe = try? System.pipe(nonBlockingReads: false), let null = try? System.openNull() else { return 0 }
    let words = [
      "sh", "-c", script, "parity-guard", ControlGroup.parent ?? "/none", System.temporaryFolder,
      "\(System.processIdentifier)", "\(ProcessMark.prefix)",
    ]
    let launch = System.Launch(
      path: "/bin/sh", words: words, environment: ["PATH=/usr/bin:/bin"], folder: "/", input: pipe.read, output: null,
      error: null, hasSession: true)
    // The other end stays open until the judge ends.
    let process = try? System.spawn(launch)
    System.close(pipe.read)
    System.close(null)
    return process ?? 0
  }()

  /// The prefix of the names of all folders and control groups of this process.
  static var prefix: String { "parity.\(System.processIdentifier)." }

  private static let script = """
    read -r _
    for group in "$1/parity.$3".*; do echo 1 >"$group/cgroup.kill"; done
    # A program that starts at this moment shows its environment a little later. No program removes the mark.
    for round in 1 2 3 4; do
      for file in $(grep -lsz "^PARITY_RUN=$2/parity.$3." /proc/[0-9]*/environ) \\
        $(grep -ls "^Max file locks *$4[0-9]* " /proc/[0-9]*/limits); do
        process=${file#/proc/}
        kill -9 "${process%/*}"
      done
      sleep 0.1
    done
    for group in "$1/parity.$3".*; do echo 1 >"$group/cgroup.kill"; done
    for try in 1 2 3 4 5; do
      rmdir "$1/parity.$3".*
      [ -e "$(echo "$1/parity.$3".*)" ] || break
      sleep 0.1
    done
    rm -rf "$2/parity.$3".*
    """
}
