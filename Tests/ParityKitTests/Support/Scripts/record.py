"""record.py PARITY FAULTY FAULT SESSION [OPTION...]: records a session of a server and clients.

Prints what the clients print, the status and the messages of the recorder, and the scenario that it wrote, or "none".
A session is the name of a function below.
"""
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

PAUSE = .1


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


def wait_for_listener(port):
    for _ in range(1000):
        try:
            return socket.create_connection(('127.0.0.1', port)).close()
        except OSError:
            time.sleep(.01)


def connect(): return socket.create_connection(endpoint)


def read_to_end(client):
    data = b''
    while more := client.recv(65536):
        data += more
    return data


def half_close(client): client.shutdown(socket.SHUT_WR)


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    client.close()


def interleaved():
    first = connect()
    first.sendall(b'hel')
    time.sleep(PAUSE)
    second = connect()
    second.sendall(bytes([0, 255]))
    time.sleep(PAUSE)
    first.sendall(b'lo')
    half_close(first)
    print(read_to_end(first))
    first.close()
    time.sleep(PAUSE)
    half_close(second)
    print(read_to_end(second))
    second.close()
    time.sleep(PAUSE)
    third = connect()
    third.sendall(b'gone')
    time.sleep(PAUSE)
    reset(third)
    time.sleep(PAUSE)


def expects_reset():
    client = connect()
    client.sendall(b'hello')
    half_close(client)
    time.sleep(PAUSE)
    try:
        read_to_end(client)
        print('end')
    except ConnectionResetError:
        print('reset')


def too_long():
    client = connect()
    client.sendall(b'x' * (9 << 20))
    half_close(client)
    print(len(read_to_end(client)))


def no_client(): pass


sessions = {session.__name__: session for session in (interleaved, expects_reset, too_long, no_client)}
parity, faulty, fault, name, *options = sys.argv[1:]
folder = tempfile.mkdtemp()
path = f'{folder}/session.yaml'
port = free_port()
server = subprocess.Popen([faulty, 'server', str(port), fault])
wait_for_listener(port)
recorder = subprocess.Popen(
    [parity, 'record', '--listen', 'tcp:127.0.0.1:0', '--forward', f'tcp:127.0.0.1:{port}', '-o', path] + options,
    stderr=subprocess.PIPE, text=True)
endpoint = ('127.0.0.1', int(recorder.stderr.readline().rsplit(':', 1)[1]))
sessions[name]()
if not options:
    recorder.send_signal(signal.SIGINT)
print(recorder.wait(20), recorder.stderr.read().strip())
server.kill()
server.wait()
print(open(path, encoding='utf-8').read() if os.path.exists(path) else 'none')
shutil.rmtree(folder)
