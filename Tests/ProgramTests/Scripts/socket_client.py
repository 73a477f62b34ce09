"""Sends standard input to a server, half-closes, and prints what the server sends.

usage: socket_client.py HOST PORT PATH

PATH is a Unix socket; if it is empty, the client connects to HOST and PORT over TCP.
"""

import socket
import sys

host, port, path = sys.argv[1:]
if path:
    server = socket.socket(socket.AF_UNIX)
    server.connect(path)
else:
    server = socket.create_connection((host, int(port)))
try:
    server.sendall(sys.stdin.buffer.read())
    server.shutdown(socket.SHUT_WR)
except OSError:
    pass  # A server that only sends may have closed already.
while data := server.recv(65536):
    sys.stdout.buffer.write(data)
