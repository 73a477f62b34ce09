"""Runs a server under limits of its memory, with clients that want more.

usage: memory_crowd.py CLIENT ENDPOINT FROM TO STEP SERVER [OPTION...]

Searches for the smallest limit with which the server listens. Then runs it with limits FROM to TO kilobytes above that one.
Over a Unix socket 60 clients send until the server takes no more, and receive nothing. Over a link CLIENT sends a megabyte.
Prints each different line that the servers write about memory, and each way to end that is wrong: the server must exit with
status 0 after a stop, if it has served a client, and else report that it lacks memory.
"""

import re
import select
import socket
import subprocess
import sys

client, endpoint = sys.argv[1:3]
first, last, step = map(int, sys.argv[3:6])
server = sys.argv[6:]
KILOBYTE = 1024
LARGEST = 1_000_000
STACK = "--stack=2097152"  # of each worker
NO_MEMORY = ("Cannot allocate memory", "Resource temporarily unavailable")
is_link = not endpoint.startswith("unix:")


def start(limit):
    prlimit = ["prlimit", f"--as={limit * KILOBYTE}", STACK]
    process = subprocess.Popen([*prlimit, *server, "-k", "--service", "echo", endpoint], stderr=subprocess.PIPE)
    for line in process.stderr:
        if b"listening" in line:
            return process
    process.wait()
    return None


def listens(limit):
    process = start(limit)
    if process:
        process.terminate()
        process.communicate()
    return process is not None


def connect():
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(20)
    peer.connect("\0" + endpoint.removeprefix("unix:@"))
    return peer


def fill():
    """Sends from all clients until the server has taken nothing for a while."""
    peers = [connect() for _ in range(60)]
    for peer in peers:
        peer.setblocking(False)
    writable = open_peers = list(peers)
    while writable:
        _, writable, _ = select.select([], open_peers, [], 0.3)
        for peer in writable:
            try:
                peer.send(bytes(300_000))
            except BlockingIOError:
                pass
            except OSError:
                open_peers.remove(peer)
    for peer in peers:
        peer.close()


def is_served():
    if is_link:
        sent = bytes(1_000_000)
        return subprocess.run([client, endpoint], input=sent, capture_output=True).stdout == sent
    for _ in range(50):  # the server may still lack memory until it has closed the other clients
        try:
            with connect() as peer:
                peer.sendall(b"again")
                if peer.recv(5) == b"again":
                    return True
        except ConnectionError:
            pass
    return False


low, high = 0, LARGEST
if not listens(high):
    sys.exit(f"the server does not listen with {LARGEST} KB")
while high - low > 32:
    middle = (low + high) // 2
    if listens(middle):
        high = middle
    else:
        low = middle

lines = set()
served = 0
for limit in range(high + first, high + last, step):
    process = start(limit)
    if not process:
        lines.add(f"does not listen with {limit} KB")
        continue
    try:
        if not is_link:
            fill()
        success = is_served()
    except OSError:  # the server has ended
        success = False
    process.terminate()
    log = process.communicate()[1].decode()
    lines |= {re.sub(r"\b(unix|pipe|queue|memory):\S+", "PEER", each) for each in log.splitlines()}
    served += success
    if process.returncode != (0 if success else 1) or (not success and not any(each in log for each in NO_MEMORY)):
        lines.add(f"status {process.returncode} with {limit} KB")
print("\n".join(sorted(each for each in lines if not each.startswith("client "))))
if not served:
    print("never served")
