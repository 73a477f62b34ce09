// Part of the gate to libc: files, locks and watches, for links. System.swift explains why it is sound.
internal import CLinux
internal import Glibc
internal import IPC

extension System {
  // MARK: Files

  static func open(_ path: [UInt8], _ flags: CInt, _ mode: mode_t = 0) -> Int {
    withPath(path) { path in call { unsafe Glibc.open(path, flags, mode) } }
  }

  static func makeFIFO(_ path: [UInt8], _ mode: mode_t) -> Int {
    withPath(path) { path in call { unsafe mkfifo(path, mode) } }
  }

  /// chmod(2), which follows a link: that of a descriptor in /proc.
  static func setMode(following path: [UInt8], _ mode: mode_t) -> Int {
    withPath(path) { path in call { unsafe chmod(path, mode) } }
  }

  static func rename(_ path: [UInt8], _ extra: [UInt8]) -> Int {
    withPath(path) { path in withPath(extra) { extra in call { unsafe Glibc.rename(path, extra) } } }
  }

  static func status(_ descriptor: CInt, _ status: inout stat) -> Int { call { unsafe fstat(descriptor, &status) } }

  /// pread(2) of a number or several, repeated after a short count; returns how many bytes there were.
  static func read<Value: BitwiseCopyable>(_ descriptor: CInt, at offset: Int, _ value: inout Value) -> Int {
    unsafe withUnsafeMutableBytes(of: &value) { bytes in
      var (done, count) = (0, 1)
      while done < bytes.count, count > 0 {
        count = call {
          unsafe pread(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
        }
        if count < 0 { return count }
        done += count
      }
      return done
    }
  }

  /// pwrite(2) of a number or several; writes all bytes, then returns 0.
  static func write<Value: BitwiseCopyable>(_ descriptor: CInt, at offset: Int, _ value: Value) -> Int {
    unsafe withUnsafeBytes(of: value) { bytes in
      var done = 0
      while done < bytes.count {
        let result = call {
          unsafe pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
        }
        if result < 0 { return result }
        done += result
      }
      return 0
    }
  }

  /// makedev(3), which is a macro.
  static func device(_ major: UInt32, _ minor: UInt32) -> dev_t {
    let (major, minor) = (dev_t(major), dev_t(minor))
    return (major & 0xFFFF_F000) << 32 | (major & 0xFFF) << 8 | (minor & 0xFFFF_FF00) << 12 | minor & 0xFF
  }

  /// Reads a small file of /proc; returns nil if it can't be opened.
  static func text(ofFile path: String) -> String? {
    let result = open(Array(path.utf8), O_RDONLY | O_CLOEXEC)
    guard result >= 0 else { return nil }
    let file = Descriptor(owning: CInt(result))
    var (text, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while true {
      var span = buffer.mutableSpan
      let count = read(file.number, &span)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += buffer[..<count]
    }
  }

  // MARK: Locks

  private static func lock(_ type: CInt, _ from: UInt64, _ count: UInt64) -> flock {
    flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: off_t(from), l_len: off_t(count), l_pid: 0)
  }

  /// Locks one byte for writing, for this open file description (F_OFD_SETLK of fcntl(2)).
  static func lock(_ descriptor: CInt, byte: UInt64) -> Int {
    var lock = lock(F_WRLCK, byte, 1)
    let result = call { unsafe fcntl(descriptor, F_OFD_SETLK, &lock) }
    return result == -Int(EACCES) ? -Int(EAGAIN) : result
  }

  /// Returns whether another open file description has locked one of the bytes. The question itself takes no lock.
  static func isLocked(_ descriptor: CInt, _ bytes: Range<UInt64>) -> Bool {
    var lock = lock(F_WRLCK, bytes.lowerBound, bytes.upperBound - bytes.lowerBound)
    return call { unsafe fcntl(descriptor, F_OFD_GETLK, &lock) } == 0 && lock.l_type != Int16(F_UNLCK)
  }

  static func unlockAll(_ descriptor: CInt) {
    var lock = lock(F_UNLCK, 0, 0)
    _ = call { unsafe fcntl(descriptor, F_OFD_SETLK, &lock) }
    _ = call { flock(descriptor, LOCK_UN) }
  }

  /// Returns the nanoseconds of the monotonic clock.
  static func ticks() -> UInt64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  // MARK: Watches

  static func createWatch() -> Int { call { inotify_init1(CInt(IN_CLOEXEC) | CInt(IN_NONBLOCK)) } }

  static func watch(_ watch: CInt, _ path: [UInt8], _ events: UInt32) -> Int {
    withPath(path) { path in call { unsafe inotify_add_watch(watch, path, events) } }
  }

  static func unwatch(_ watch: CInt, _ watched: CInt) { _ = inotify_rm_watch(watch, watched) }

  /// Reads the next events of a watch: the descriptor of each watched file, and what happened.
  static func events(_ watch: CInt) -> [(watched: CInt, mask: UInt32)] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var span = buffer.mutableSpan
    let count = read(watch, &span)
    var (events, at) = ([(watched: CInt, mask: UInt32)](), 0)
    while at < count {
      let event = unsafe buffer.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: at, as: inotify_event.self) }
      events.append((event.wd, event.mask))
      at += MemoryLayout<inotify_event>.size + Int(event.len)
    }
    return events
  }
}
