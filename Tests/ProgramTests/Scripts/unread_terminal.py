"""Starts a server on a terminal that it may not open again, and stops reading the terminal once the server listens.

usage: unread_terminal.py PROGRAM [ARGUMENT...]

Prints the line `listening ENDPOINT`. Stops the server at the end of standard input, and exits with its status.
"""
import os
import pty
import signal
import sys

server, terminal = pty.fork()
if server == 0:
    os.chmod(os.ttyname(0), 0)
    os.execvp(sys.argv[1], sys.argv[1:])

output = b""
while b"\n" not in output.partition(b"listening ")[2]:
    output += os.read(terminal, 100)
print("listening", output.partition(b"listening ")[2].split()[0].decode(), flush=True)
sys.stdin.read()
os.kill(server, signal.SIGTERM)
signal.alarm(10)
status = os.waitpid(server, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status))
