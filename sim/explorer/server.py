"""The page in the browser: a small server on this machine, for this machine only.

It is bound to 127.0.0.1, answers no other name (a page of somebody else that gets a name of its own to point
here is refused), takes questions as JSON only, and keeps nothing between two of them. Nothing is uploaded and
nothing of a file or a question is ever run as code.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.explorer.page_files import script, text_of

if TYPE_CHECKING:
    from sim.explorer.explorer import Explorer

HOST = "127.0.0.1"
MOST_BYTES = 1 << 20
"""Longest question that is read."""
PATIENCE = 30.0
"""Seconds that a browser may take to ask."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FILES: dict[str, tuple[str, Callable[[], str]]] = {
    "/": ("text/html", lambda: text_of("index.html")),
    "/explorer.css": ("text/css", lambda: text_of("explorer.css")),
    "/explorer.js": ("text/javascript", script),
    "/start.js": ("text/javascript", lambda: text_of("start.js")),
}


class Server:
    """A server of one explorer's page.

    Parameters
    ----------
    explorer
        What answers the page's questions.
    port
        The port; 0 is a free one.

    Raises
    ------
    UsageError
        If the port is taken or not allowed.
    """

    def __init__(self, explorer: Explorer, port: int = 0) -> None:
        try:
            self._http = _Http((HOST, port), _handler(explorer))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UsageError(
                f"port {port} cannot be used ({reason.lower()}); leave --port out to have a free one"
            ) from None

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self._http.server_port}/"

    def __str__(self) -> str:
        return self.url

    def open(self) -> bool:
        """Open the page in the browser, where there is a screen; whether it was opened."""
        if sys.platform.startswith(("win", "darwin")) or _screen():
            import webbrowser

            return webbrowser.open(self.url)
        return False

    def run(self) -> None:
        """Answer until interrupted."""
        with self._http:
            self._http.serve_forever(poll_interval=0.2)

    def start(self) -> Server:
        """Answer in the background, until :meth:`stop`."""
        self._thread = threading.Thread(target=self.run, daemon=True)
        self._thread.start()
        return self

    def join(self) -> None:
        """Wait until a server that was started ends."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def stop(self) -> None:
        """End a server that was started, and give the port back."""
        self._http.shutdown()
        self._http.server_close()


def _screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it would share a port that is taken

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is nothing to tell."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _handler(explorer: Explorer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        asked = explorer

    return Handler


class _Handler(BaseHTTPRequestHandler):
    asked: Explorer

    @property
    def asked_at(self) -> int:
        """The port that the question came to."""
        return int(self.connection.getsockname()[1])

    server_version = "treatysim"
    sys_version = ""
    timeout = PATIENCE

    def do_GET(self) -> None:
        """A file of the page; nothing else can be had."""
        path = self.path.partition("?")[0]
        if not self._welcome():
            return
        if path not in FILES:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", "there is no such page")
            return
        kind, text = FILES[path]
        self._send(HTTPStatus.OK, kind, text())

    def do_POST(self) -> None:
        """A question in JSON."""
        if not self._welcome():
            return
        question = self._question()
        if question is None:
            self._send(HTTPStatus.BAD_REQUEST, "text/plain", "a question in JSON is needed")
            return
        try:
            answer = self.asked.answer(question)
        except Exception:
            traceback.print_exc()
            answer = {"error": "the program failed here; its terminal says how"}
        text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
        self._send(HTTPStatus.OK, "application/json", text)

    def _welcome(self) -> bool:
        """Whether the request names this server, and comes from its own page or from none."""
        port = self.asked_at
        names = {f"{HOST}:{port}", f"localhost:{port}"}
        origin = self.headers.get("Origin")
        if self.headers.get("Host") in names and origin in {None, *(f"http://{n}" for n in names)}:
            return True
        self._send(HTTPStatus.FORBIDDEN, "text/plain", "this server answers its own page only")
        return False

    def _question(self) -> dict[str, Any] | None:
        """What was asked; ``None`` where it is not a question."""
        length = self.headers.get("Content-Length", "")
        json_sent = self.headers.get_content_type() == "application/json"
        if self.path != "/ask" or not json_sent or not length.isdecimal():
            return None
        if int(length) > MOST_BYTES:
            return None
        try:
            question = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None
        return question if isinstance(question, dict) else None

    def _send(self, status: HTTPStatus, kind: str, text: str) -> None:
        body = text.encode("utf-8", errors="replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is told of every request."""
