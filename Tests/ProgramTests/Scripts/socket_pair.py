# socket_pair.py stream|datagram output|all PROGRAM [ARGUMENT...]: runs a program whose standard input and output are one
# end of a socketpair(2), with `all` also its standard error. Sends standard input to the program, prints what the
# program sends, and exits with its status.
import socket
import subprocess
import sys

kind, errors, *command = sys.argv[1:]
types = {"stream": socket.SOCK_STREAM, "datagram": socket.SOCK_DGRAM}
ours, theirs = socket.socketpair(socket.AF_UNIX, types[kind])
program = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs if errors == "all" else None)
theirs.close()
if kind == "stream":
    try:
        ours.sendall(sys.stdin.buffer.read())
        ours.shutdown(socket.SHUT_WR)
    except OSError:  # the program has ended before
        pass
    while data := ours.recv(65536):
        sys.stdout.buffer.write(data)
sys.exit(program.wait(timeout=30))
