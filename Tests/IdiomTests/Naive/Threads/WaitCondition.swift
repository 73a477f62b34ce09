import Glibc

final class JobQueue: Sendable {
  var lock = pthread_mutex_t()
  var filled = pthread_cond_t()
  var jobs: [CInt] = []

  init() {
    pthread_mutex_init(&lock, nil)
    pthread_cond_init(&filled, nil)
  }

  func put(_ job: CInt) {
    pthread_mutex_lock(&lock)
    jobs.append(job)
    pthread_cond_signal(&filled)
    pthread_mutex_unlock(&lock)
  }

  func take() -> CInt {
    pthread_mutex_lock(&lock)
    while jobs.isEmpty { pthread_cond_wait(&filled, &lock) }
    let job = jobs.removeFirst()
    pthread_mutex_unlock(&lock)
    return job
  }
}
