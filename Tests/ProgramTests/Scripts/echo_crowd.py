"""Clients of an echo server, eight at a time, until standard input ends.

usage: echo_crowd.py PORT

Prints one byte on standard output for each client that got its own bytes back, and one line on standard error for
each client that did not.
"""

import os
import random
import socket
import sys
import threading

ended = threading.Event()


def connect_until_ended():
    while not ended.is_set():
        sent = os.urandom(random.choice((1, 100, 5000)))
        answer = b""
        try:
            with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20) as server:
                server.sendall(sent)
                server.shutdown(socket.SHUT_WR)
                while some := server.recv(65536):
                    answer += some
            if answer != sent:
                raise OSError(f"{len(answer)} bytes of {len(sent)}")
            os.write(1, b".")
        except OSError as error:
            os.write(2, f"{error}\n".encode())


clients = [threading.Thread(target=connect_until_ended) for _ in range(8)]
for client in clients:
    client.start()
sys.stdin.read()
ended.set()
