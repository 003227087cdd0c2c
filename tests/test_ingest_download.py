"""Pictures from the web, from a real server on this machine, its faults included."""

import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from env.settings import Settings
from ingest import download
from ingest.download import MAX_HOST_FAILURES, Address, Downloader, is_public
from ingest.pictures import PictureReader
from ingest.row import RemotePicture, RowError
from tests.feed_files import picture
from tools.pictures import PictureStore

MAX_BYTES = 50_000


class Pages(BaseHTTPRequestHandler):
    """Answers by path; counts what it was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        kind, _, rest = self.path[1:].partition("/")
        if kind == "to":
            self.send_response(302)
            self.send_header("Location", rest.replace("PORT", str(self.connection.getsockname()[1])))
            self.end_headers()
        elif kind == "status":
            self.send_response(int(rest))
            self.end_headers()
        elif kind == "flaky" and self.asked.count(self.path) < 3:
            self.send_response(503)
            self.end_headers()
        else:
            self.send_response(200)
            self.end_headers()
            self._body(kind)

    def _body(self, kind: str) -> None:
        if kind == "endless":
            for _ in range(MAX_BYTES // 1000 + 5):
                self.wfile.write(b"x" * 1000)
        elif kind == "slow":
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        else:
            self.wfile.write(picture())

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Pages.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as opened:
        opened.daemon_threads = True
        opened.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=opened.serve_forever, args=(0.01,))
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


@pytest.fixture
def url(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def only_this_server(address: Address) -> bool:
    """Take 127.0.0.1 for the public web and all else on this machine for its inside."""
    return address == ipaddress.ip_address("127.0.0.1")


@pytest.fixture
def downloader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Downloader]:
    monkeypatch.setattr(download, "FIRST_PAUSE_S", 0.01)
    opened = Downloader(MAX_BYTES, only_this_server, total_timeout_s=0.5)
    yield opened
    opened.close()


def refusal(downloader: Downloader, url: str) -> tuple[str, str]:
    with pytest.raises(RowError) as error:
        downloader.fetch(url)
    return error.value.reason, error.value.detail


def test_a_picture_is_fetched_through_redirects(downloader: Downloader, url: str) -> None:
    assert downloader.fetch(f"{url}/to//to//ok") == picture()
    assert Pages.asked == ["/to//to//ok", "/to//ok", "/ok"]


def test_a_busy_server_is_asked_again_and_no_more_than_three_times(downloader: Downloader, url: str) -> None:
    assert downloader.fetch(f"{url}/flaky/") == picture()
    assert refusal(downloader, f"{url}/status/503") == ("download_failed", f"'{url}/status/503': status 503")
    assert Pages.asked == ["/flaky/"] * 3 + ["/status/503"] * 3


def test_a_missing_picture_is_asked_for_once(downloader: Downloader, url: str) -> None:
    assert refusal(downloader, f"{url}/status/404") == ("download_failed", f"'{url}/status/404': status 404")
    assert Pages.asked == ["/status/404"]


def test_an_endless_answer_is_left(downloader: Downloader, url: str) -> None:
    assert refusal(downloader, f"{url}/endless")[0] == "picture_too_large"


def test_a_slow_answer_is_left(downloader: Downloader, url: str) -> None:
    assert refusal(downloader, f"{url}/slow") == ("download_failed", f"'{url}/slow': not complete after 0.5 seconds")


def test_redirects_end(downloader: Downloader, url: str) -> None:
    reason, detail = refusal(downloader, f"{url}/to//to//to//to//to//ok")
    assert (reason, detail[:24]) == ("download_failed", "more than 3 redirects, t")


@pytest.mark.parametrize("target", ["http://127.0.0.2:PORT/ok", "http://[::1]:PORT/ok"])
def test_a_redirect_to_the_inside_is_refused_and_not_asked(downloader: Downloader, url: str, target: str) -> None:
    reason, detail = refusal(downloader, f"{url}/to/{target}")
    assert reason == "private_address"
    assert detail.endswith("inside a private network; ALLOW_PRIVATE_IMAGE_HOSTS=true permits it")
    assert len(Pages.asked) == 1


def test_a_redirect_to_a_file_is_refused(downloader: Downloader, url: str) -> None:
    assert refusal(downloader, f"{url}/to/file:///etc/passwd")[0] == "bad_image_link"


@pytest.mark.parametrize("link", ["ftp://x.example/a.jpg", "file:///etc/passwd", "http://", "no address"])
def test_what_is_no_web_address_is_refused(downloader: Downloader, link: str) -> None:
    assert refusal(downloader, link)[0] == "bad_image_link"


def test_a_host_that_keeps_failing_is_not_asked_for_ever(downloader: Downloader, url: str) -> None:
    for _ in range(MAX_HOST_FAILURES):
        refusal(downloader, f"{url}/status/500")
    n_asked = len(Pages.asked)
    assert refusal(downloader, f"{url}/ok")[1] == "'127.0.0.1' failed 5 times in a row and is not asked again"
    assert len(Pages.asked) == n_asked


def test_this_machine_is_refused_by_default(url: str) -> None:
    downloader = Downloader(MAX_BYTES)
    assert refusal(downloader, f"{url}/ok")[0] == "private_address"
    downloader.close()
    assert Pages.asked == []


def test_a_setting_permits_hosts_of_the_own_network(url: str, tmp_path: Path) -> None:
    reader = PictureReader(Settings(allow_private_image_hosts=True), PictureStore(tmp_path))
    found = reader.find(RemotePicture(f"{url}/ok"))
    assert Pages.asked == []  # an unchanged row costs no download
    _, name = reader.decode(found)
    reader.close()
    assert (tmp_path / name).read_bytes() == picture()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1"],
)  # fmt: skip
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_outer_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
