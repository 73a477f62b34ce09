"""An echo server with one planted property: planted.py PROPERTY PORT FOLDER."""

import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time

CHANGED_BYTE = 5_000_000
kept = []


def stop(*_):
    sys.exit(3)


def at_start(planted, folder):
    if planted in ("file-644", "file-600", "file-content"):
        path = os.path.join(folder, "state")
        with open(path, "w", encoding="ascii") as file:
            file.write("state 2\n" if planted == "file-content" else "state 1\n")
        os.chmod(path, 0o600 if planted == "file-600" else 0o644)
    elif planted == "ignores-hangup":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    elif planted == "exits-3":
        signal.signal(signal.SIGTERM, stop)
    elif planted == "helper":
        kept.append(subprocess.Popen(["sleep", "60"]))
    elif planted == "udp":
        kept.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        kept[-1].bind(("127.0.0.1", 0))
    elif planted == "lower":
        print(secrets.token_hex(16), file=sys.stderr)
    elif planted == "upper":
        print(secrets.token_hex(16).upper(), file=sys.stderr)
    elif planted == "pid":
        print(f"planted[{os.getpid()}]: ready", file=sys.stderr)
    elif planted == "clock":
        print(time.strftime("%Y-%m-%d %H:%M:%S"), "ready", file=sys.stderr)
    elif planted == "warns-sometimes" and random.randrange(5) == 0:
        print("warning: the cache is cold", file=sys.stderr)
    elif planted == "warns":
        print("warning: the cache is cold", file=sys.stderr)


def serve(planted, connection):
    place = 0
    while data := connection.recv(65536):
        if planted == "byte" and place <= CHANGED_BYTE < place + len(data):
            data = data[: CHANGED_BYTE - place] + b"#" + data[CHANGED_BYTE - place + 1 :]
        place += len(data)
        if planted == "slow":
            time.sleep(0.1)
        connection.sendall(data)
    if planted == "bye":
        connection.sendall(b"bye\n")
    if planted == "leak":
        kept.append(os.open("/dev/null", os.O_RDONLY))


def main():
    planted, port, folder = sys.argv[1:]
    server = socket.create_server(("127.0.0.1", int(port)))
    at_start(planted, folder)
    while True:
        connection, _ = server.accept()
        with connection:
            try:
                serve(planted, connection)
            except ConnectionError:
                continue


main()
