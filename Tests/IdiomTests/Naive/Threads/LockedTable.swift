import Glibc

struct SessionTable {
  var lock = PTHREAD_MUTEX_INITIALIZER
  var ids: [CInt] = []
}

var sessions = SessionTable()

func sessionAdd(_ id: CInt) -> CInt {
  pthread_mutex_lock(&sessions.lock)
  defer { pthread_mutex_unlock(&sessions.lock) }
  if sessions.ids.contains(id) { return -EEXIST }
  if sessions.ids.count == 64 { return -ENOSPC }
  sessions.ids.append(id)
  return CInt(sessions.ids.count)
}
