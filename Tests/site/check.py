#!/usr/bin/env python3
"""Opens every page of the documentation in a browser, and checks what a reader would see.

It checks that each page and each tutorial opens, that no code and no page is cut at 1,200 and at 400 pixels, that no
heading is empty, that no image is missing, and that each link within the site leads to a page. A search for each line
of searches.txt finds its page, and each page of pairs.txt shows its declaration in Swift, and in C after the reader
chooses C.

usage: check.py FOLDER OF THE SITE
"""

import functools
import http.server
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading

WIDTHS = [1200, 400]
TIME = 1800  # seconds for all pages, on a busy machine
HERE = os.path.dirname(os.path.abspath(__file__))


def table(name):
    with open(f"{HERE}/{name}.txt") as file:
        return [line.rstrip("\n").split("\t") for line in file]


class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, site, *arguments, **options):
        self.site = site
        super().__init__(*arguments, **options)

    def do_GET(self):
        if self.path == "/check.html":
            with open(f"{HERE}/check.html", "rb") as file:
                self.answer(file.read(), "text/html")
        elif self.path == "/job":
            job = {"widths": WIDTHS, "searches": table("searches"), "pairs": table("pairs")}
            self.answer(json.dumps(job).encode(), "application/json")
        else:
            super().do_GET()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(b"", "text/plain")
        self.site.result = json.loads(body)
        self.site.done.set()

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        # The browser drops the requests of a page that it leaves.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Site:
    def __init__(self):
        self.done = threading.Event()
        self.result = None


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    site = Site()
    handler = functools.partial(Handler, site, directory=sys.argv[1])
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/check.html"
    # A process of the browser may write to the profile until the kernel has ended it.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", url]
        browser = subprocess.Popen(
            command + ["--remote-debugging-port=0", "--window-size=1300,1000"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        finished = site.done.wait(TIME)
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
    if not finished:
        sys.exit(f"check.py: the browser did not finish within {TIME} seconds")
    problems, opened = site.result["problems"], site.result["opened"]
    for problem in problems:
        print(problem)
    print(f"{opened} pages opened, {site.result['links']} links: {len(problems)} problems")
    sys.exit(1 if problems or opened == 0 else 0)


main()
