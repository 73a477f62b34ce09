/* Faults on demand, in the calling thread: short counts and errors for the calls that both engines make. */
