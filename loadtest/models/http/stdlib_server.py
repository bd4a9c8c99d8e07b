"""The standard library's threading server: a thread per connection, blocking handlers."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from loadtest.models.entry import BACKLOG, HOST, served
from loadtest.models.http.pages import MISSING, SLOW, SLOW_SECONDS, document


class Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps the connection open between requests
    disable_nagle_algorithm = True  # head and body go out in two sends

    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        if name == MISSING:
            self.send_error(404)
            return
        if name == SLOW:
            time.sleep(SLOW_SECONDS)
        body = json.dumps(document(name)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """A line per request would be what is measured."""


class Server(ThreadingHTTPServer):
    request_queue_size = BACKLOG


if __name__ == "__main__":
    Server((HOST, served().port), Pages).serve_forever()
