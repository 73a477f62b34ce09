"""Binds a datagram socket at a path, fills its queue, prints a line, and reads nothing until its own input ends."""

import socket
import sys

path = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(path)
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sender.setblocking(False)
try:
    while True:
        sender.sendto(b"x", path)
except BlockingIOError:
    print("full", flush=True)
sys.stdin.read()
