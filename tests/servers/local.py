"""A server on a loopback socket: answers in one vendor's protocol, records what it was asked, fails on demand."""

import argparse
import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import ClassVar, Literal, Self

from tests.servers.brain import answer as think
from tests.servers.wire import MESSAGE_OF, STATUS_OF, Ask, Fault, Recorded, Vendor

Brain = Callable[[Ask], str]
Kind = Literal["any", "stream", "structured"]
DRIP_S = 0.05


class LocalServer(contextlib.AbstractContextManager["LocalServer"]):
    """Serves inside `with`. `brain` gives the text of each answer: JSON where the question wants JSON."""

    def __init__(self, vendor: Vendor, brain: Brain = think, port: int = 0) -> None:
        self.vendor = vendor
        self.brain = brain
        self.requests: list[Recorded] = []
        self.closing = threading.Event()
        self.connections: set[socket.socket] = set()
        self._faults: list[tuple[Fault, Kind]] = []
        self._standing: list[tuple[Fault, Kind]] = []
        handler = type("Handler", (_Handler,), {"local": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._http.daemon_threads = False
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name=f"{vendor.name}-server")

    @property
    def url(self) -> str:
        """Where to reach it, without a path."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def fail(self, fault: Fault, times: int | None = None, kind: Kind = "any") -> None:
        """Fail the next `times` requests of a kind, or every one from now on."""
        if times is None:
            self._standing.append((fault, kind))
        else:
            self._faults.extend([(fault, kind)] * times)

    def next_fault(self, ask: Ask) -> Fault | None:
        """The fault this question meets, if any; one that was ordered a number of times is used up."""
        kinds = ("any", "structured" if ask.wants_json else "stream")
        for plan in (self._faults, self._standing):
            for fault, kind in plan:
                if kind in kinds:
                    if plan is self._faults:
                        plan.remove((fault, kind))
                    return fault
        return None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.closing.set()
        self._http.shutdown()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        self._http.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    local: ClassVar[LocalServer]

    def setup(self) -> None:
        """Remember the connection, so that a client that keeps it open cannot keep the server from closing."""
        super().setup()
        self.local.connections.add(self.connection)

    def handle(self) -> None:
        """Answer until the connection ends; a client may drop one that it kept open."""
        with contextlib.suppress(ConnectionResetError):
            super().handle()

    def finish(self) -> None:
        """Forget the connection."""
        super().finish()
        self.local.connections.discard(self.connection)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was asked stands in `requests`."""

    def do_GET(self) -> None:
        """A list of models without any: enough for those who only ask whether somebody is there."""
        self._send(200, {"data": [], "models": []})

    def do_POST(self) -> None:
        """Answer one question, or fail as ordered."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.loads(raw)
        ask = self.local.vendor.read(self.path, body)
        if ask is None:
            self._send(404, {"error": f"no such path: {self.path}"})
            return
        self.local.requests.append(Recorded(self.path, dict(self.headers), body, ask))
        try:
            self._answer(ask, self.local.next_fault(ask))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _answer(self, ask: Ask, fault: Fault | None) -> None:
        is_about_pictures = fault in (Fault.NO_PICTURES, Fault.NO_EYES)
        if (fault is Fault.NO_SCHEMA and not ask.wants_json) or (is_about_pictures and not ask.pictures):
            fault = None
        if fault in STATUS_OF:
            status = STATUS_OF[fault]
            self._send(status, self.local.vendor.error(status, MESSAGE_OF.get(fault, "refused, as ordered")))
        elif fault is Fault.HANG:
            self.local.closing.wait()
            self.close_connection = True
        elif fault is Fault.MALFORMED:
            self._send_bytes(200, "application/json", b"data: <html>we are sorry</html>\n\n")
        elif fault is Fault.BLOCKED:
            content_type = self.local.vendor.stream_type if ask.is_stream else "application/json"
            self._send_bytes(200, content_type, self.local.vendor.blocked(ask, self.path))
        elif ask.is_stream or fault in (Fault.DRIP, Fault.PING, Fault.CUT):
            self._stream(ask, fault)
        else:
            self._send(200, self.local.vendor.whole(ask, self._text(ask, fault)))

    def _text(self, ask: Ask, fault: Fault | None) -> str:
        if fault is Fault.WRONG_SHAPE:
            return '{"answer": ["no intent at all"], "route": {"to": "nowhere"}}'
        text = self.local.brain(ask)
        return f"{text} The one to look at is [99]." if fault is Fault.UNKNOWN_HANDLE else text

    def _words(self, ask: Ask, fault: Fault | None) -> Iterator[str]:
        words = re.findall(r"\S+\s*", self._text(ask, fault))
        if fault is Fault.CUT:
            yield from words[: len(words) // 2]
            raise ConnectionResetError("cut in the middle, as ordered")
        if fault is Fault.DRIP:
            yield "Here they are. "
        while fault is Fault.DRIP and not self.local.closing.wait(DRIP_S):
            yield "and "
        yield from words

    def _stream(self, ask: Ask, fault: Fault | None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", self.local.vendor.stream_type)
        self.send_header("Transfer-Encoding", "chunked")
        self._end_headers()
        n_pings = 0
        while fault is Fault.PING and not self.local.closing.wait(DRIP_S):
            self._chunk(self.local.vendor.ping(self.path, n_pings))
            n_pings += 1
        for piece in self.local.vendor.stream(ask, self.path, self._words(ask, fault)):
            self._chunk(piece)
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _send(self, status: int, body: object) -> None:
        self._send_bytes(status, "application/json", json.dumps(body).encode())

    def _send_bytes(self, status: int, content_type: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self._end_headers()
        self.wfile.write(data)

    def _end_headers(self) -> None:
        # A client that asked to close must be told that this is the last answer here: one that is not may ask its
        # next question on the connection before it sees it closed.
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()


def serve_by_hand(vendor: Vendor, how_to: Callable[[str], str]) -> None:
    """Serve until Ctrl-C; `how_to(url)` tells which settings point Vitrine here."""
    parser = argparse.ArgumentParser(
        description=f"Answers in {vendor.name}'s protocol, by simple rules, without a model."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--fault", choices=list(Fault), help="fail every request this way")
    parser.add_argument("--kind", choices=["any", "stream", "structured"], default="any", help="which requests fail")
    chosen = parser.parse_args()
    with LocalServer(vendor, port=chosen.port) as server:
        if chosen.fault:
            server.fail(Fault(chosen.fault), kind=chosen.kind)
        print(how_to(server.url), flush=True)  # noqa: T201 - a command line
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return
