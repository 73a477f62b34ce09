import Glibc

func createQueue(_ name: String) -> CInt {
  var attributes = mq_attr()
  attributes.mq_maxmsg = 8
  attributes.mq_msgsize = 64
  let flags = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC
  let queue = mq_open(name, flags, 0o600, &attributes)
  return queue < 0 ? -errno : queue
}

func queueMessage(_ queue: mqd_t, _ bytes: [UInt8], _ priority: CUnsignedInt) -> CInt {
  return mq_send(queue, bytes, bytes.count, priority) < 0 ? -errno : 0
}
