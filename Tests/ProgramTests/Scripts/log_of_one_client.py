"""Starts an echo server that logs JSON, serves one client, and prints the log.

The server also reports its counters (SIGUSR1) before it stops.

usage: log_of_one_client.py SERVER [ARGUMENT...]

The printed records lack what differs between two runs: times and ports.
"""

import json
import re
import signal
import socket
import subprocess
import sys

server = subprocess.Popen(sys.argv[1:], stderr=subprocess.PIPE)
records = []


def next_record():
    records.append(json.loads(server.stderr.readline()))
    return records[-1]


port = int(next_record()["endpoint"].rsplit(":", 1)[1])
with socket.create_connection(("127.0.0.1", port)) as client:
    client.sendall(b"hello")
    client.shutdown(socket.SHUT_WR)
    assert client.recv(100) == b"hello"
next_record()
server.send_signal(signal.SIGUSR1)
next_record()
server.send_signal(signal.SIGTERM)
next_record()
assert server.wait(10) == 0
for record in records:
    for key in ("time", "milliseconds"):
        record.pop(key, None)
    print(re.sub(':[0-9]+"', ':PORT"', json.dumps(record, sort_keys=True)))
