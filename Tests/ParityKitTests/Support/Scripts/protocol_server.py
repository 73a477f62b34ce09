"""A server that answers each line as a server of a protocol would; arguments: smtp, http, redis or line, and a port."""
import socketserver
import sys

ANSWERS = {
    "smtp": (b"220 mail.example.org\r\n", b"250 OK\r\n"), "http": (b"", b"HTTP/1.0 200 OK\r\n\r\n"),
    "redis": (b"", b"+PONG\r\n"), "line": (b"", b"what?\r\n"),
}
greeting, answer = ANSWERS[sys.argv[1]]


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            self.wfile.write(greeting)
            for _ in self.rfile:
                self.wfile.write(answer)
        except ConnectionError:
            pass


Server(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
