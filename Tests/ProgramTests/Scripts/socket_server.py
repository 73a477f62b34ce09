"""Serves one client: sends standard input, and prints what the client sends.

usage: socket_server.py HOST PATH

PATH is a Unix socket; if it is empty, the server listens on a free port of HOST. Prints `ready PORT` on standard
error once it listens.
"""

import socket
import sys

host, path = sys.argv[1:]
if path:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
else:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.bind((host, 0))
listener.listen()
print("ready", 0 if path else listener.getsockname()[1], file=sys.stderr, flush=True)
client, _ = listener.accept()
client.sendall(sys.stdin.buffer.read())
while data := client.recv(65536):
    sys.stdout.buffer.write(data)
