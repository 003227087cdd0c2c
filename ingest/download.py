"""Pictures from the web: bounded in time, size and redirects, and never from inside the network this runs in."""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from ingest.row import RowError

MAX_REDIRECTS = 3
MAX_TRIES = 3
FIRST_PAUSE_S = 0.5
STEP_TIMEOUT_S = 10.0
TOTAL_TIMEOUT_S = 30.0
# A host that failed this many times in a row is not asked again during this run.
MAX_HOST_FAILURES = 5

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class _Trouble(Exception):
    """A try that failed and may go better the next time."""


def is_public(address: Address) -> bool:
    """Say whether an address is reachable from everywhere: not this machine, not a private or link-local network."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    return address.is_global and not address.is_multicast


class Downloader:
    """Downloads pictures; may be used from several threads.

    `may_reach` decides about every address a name resolves to. The address that was checked is the one connected
    to, so a name that changes its mind in between gains nothing. Proxy variables of the environment are not used.
    """

    def __init__(
        self,
        max_bytes: int,
        may_reach: Callable[[Address], bool] = is_public,
        step_timeout_s: float = STEP_TIMEOUT_S,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        self._max_bytes = max_bytes
        self._may_reach = may_reach
        self._total_timeout_s = total_timeout_s
        # Connections are made to checked addresses and kept apart by address alone: one that was opened for one
        # host must not serve another host at the same address, so none is kept.
        self._client = httpx.Client(
            timeout=step_timeout_s,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": "vitrine-ingest"},
        )
        self._failures: dict[str, int] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def fetch(self, url: str) -> bytes:
        """Download one picture.

        Raises:
            RowError: bad_image_link, private_address, picture_too_large, or download_failed after the last try.
        """
        host = _parse(url).host
        if self._failures.get(host, 0) >= MAX_HOST_FAILURES:
            raise RowError(
                "download_failed", f"{host!r} failed {MAX_HOST_FAILURES} times in a row and is not asked again"
            )
        deadline = time.monotonic() + self._total_timeout_s
        for attempt in range(1, MAX_TRIES + 1):
            try:
                data = self._follow(url, deadline)
            except _Trouble as trouble:
                if attempt == MAX_TRIES or time.monotonic() >= deadline:
                    self._count(host, failed=True)
                    raise RowError("download_failed", f"{url[:200]!r}: {trouble}") from trouble
                time.sleep(FIRST_PAUSE_S * 2 ** (attempt - 1))
            else:
                self._count(host, failed=False)
                return data
        raise AssertionError("the last try returns or raises")

    def _count(self, host: str, failed: bool) -> None:
        with self._lock:
            self._failures[host] = self._failures.get(host, 0) + 1 if failed else 0

    def _follow(self, url: str, deadline: float) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            with self._get(url) as answer:
                if answer.next_request is None:
                    return self._read(answer, url, deadline)
                # The request went to an address: a relative target must be joined to the name.
                url = str(_parse(url).join(answer.headers["location"]))
        raise RowError("download_failed", f"more than {MAX_REDIRECTS} redirects, the last to {url[:200]!r}")

    @contextmanager
    def _get(self, url: str) -> Iterator[httpx.Response]:
        parsed = _parse(url)
        address = self._resolve(parsed)
        host = f"[{address}]" if address.version == 6 else str(address)
        headers = {"Host": parsed.netloc.decode("ascii")}
        try:
            with self._client.stream(
                "GET", parsed.copy_with(host=host), headers=headers, extensions={"sni_hostname": parsed.host}
            ) as answer:
                yield answer
        except httpx.TimeoutException as error:
            raise _Trouble("no answer in time") from error
        except httpx.TransportError as error:
            raise _Trouble(str(error) or type(error).__name__) from error

    def _resolve(self, url: httpx.URL) -> Address:
        try:
            found = socket.getaddrinfo(url.host, url.port or None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise _Trouble(f"the host {url.host!r} is not known") from error
        addresses = [ipaddress.ip_address(str(info[4][0]).split("%")[0]) for info in found]
        refused = next((address for address in addresses if not self._may_reach(address)), None)
        if refused is not None:
            raise RowError(
                "private_address",
                f"{url.host!r} is {refused}, inside a private network; ALLOW_PRIVATE_IMAGE_HOSTS=true permits it",
            )
        return min(addresses, key=lambda address: address.version)

    def _read(self, answer: httpx.Response, url: str, deadline: float) -> bytes:
        if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
            raise _Trouble(f"status {answer.status_code}")
        if answer.status_code != 200:
            raise RowError("download_failed", f"{url[:200]!r}: status {answer.status_code}")
        told = answer.headers.get("content-length", "")
        if told.isdigit() and int(told) > self._max_bytes:
            raise RowError("picture_too_large", f"{url[:200]!r} has {told} bytes, at most {self._max_bytes} are read")
        data = bytearray()
        for part in answer.iter_bytes():
            data += part
            if len(data) > self._max_bytes:
                raise RowError("picture_too_large", f"{url[:200]!r} has more than {self._max_bytes} bytes")
            if time.monotonic() > deadline:
                raise _Trouble(f"not complete after {self._total_timeout_s:g} seconds")
        return bytes(data)


def _parse(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise RowError("bad_image_link", f"{url[:200]!r} is no web address: {error}") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise RowError("bad_image_link", f"{url[:200]!r} is no http or https address")
    return parsed
