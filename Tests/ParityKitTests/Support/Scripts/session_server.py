"""Gives each connection a session with a random number, and answers GET only for it; argument: a port. With `forgets`
it knows no session, and with `slow-text` it answers LOGIN with a text in which some expressions search for long."""
import secrets
import socketserver
import sys

mode = sys.argv[2] if len(sys.argv) > 2 else ""


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        session = secrets.token_hex(16)
        for line in self.rfile:
            words = line.decode().split()
            if words[:1] == ["LOGIN"]:
                answer = "a" * 27 if mode == "slow-text" else f"session={session}"
            else:
                answer = "hello" if words == ["GET", session] and mode != "forgets" else "unknown session"
            self.wfile.write(answer.encode() + b"\r\n")


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
