"""A reverse proxy that names its user in headers: HTTP and websockets, one request a connection."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

_HEAD_END = b"\r\n\r\n"


@contextmanager
def trusted_proxy(target: tuple[str, int], headers: Mapping[str, str]) -> Iterator[str]:
    """The URL of a proxy that adds `headers` to every request; those of the same name that came along are dropped.

    What is in `headers` when a request comes counts, so that somebody else can sign in meanwhile.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, target, headers), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _accept(listening: socket.socket, target: tuple[str, int], headers: Mapping[str, str]) -> None:
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            threading.Thread(target=_serve, args=(client, target, headers), daemon=True).start()


def _serve(client: socket.socket, target: tuple[str, int], headers: Mapping[str, str]) -> None:
    with suppress(OSError), client, socket.create_connection(target) as server:
        received = b""
        while _HEAD_END not in received:
            piece = client.recv(65536)
            if not piece:
                return
            received += piece
        head, body = received.split(_HEAD_END, 1)
        server.sendall(_rewritten(head, headers) + _HEAD_END + body)
        back = threading.Thread(target=_pipe, args=(server, client), daemon=True)
        back.start()
        _pipe(client, server)
        back.join()


def _rewritten(head: bytes, headers: Mapping[str, str]) -> bytes:
    first, *lines = head.decode("latin-1").split("\r\n")
    is_upgrade = any(line.lower().startswith("upgrade:") for line in lines)
    replaced = {name.lower() for name in headers} | (set() if is_upgrade else {"connection"})
    kept = [line for line in lines if line.split(":", 1)[0].lower() not in replaced]
    added = [f"{name}: {value}" for name, value in headers.items()] + ([] if is_upgrade else ["Connection: close"])
    return "\r\n".join([first, *kept, *added]).encode("latin-1")


def _pipe(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
