"""`make run`: the database up, the shop stocked, the page served; Ctrl-C ends all of it.

`make demo` (`--demo`) opens on the presenter's page as soon as a part of the catalogue is there, and fills in the rest
meanwhile.

The page runs in a child process that ends by itself when this process is gone, even after kill -9: it watches a pipe
whose other end only this process holds.
"""

import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path

from env.access import check_access
from env.database import open_database
from env.errors import SettingsError, VitrineError
from env.screen import has_screen
from env.settings import Settings, load_settings

REPO_DIR = Path(__file__).resolve().parent
STOP_TIMEOUT_S = 10
# Every kind of item, in designs enough for the journeys.
FIRST_GROUPS = 60
STOCK = (sys.executable, "-m", "ingest", "demo", "--if-empty")
UP_TIMEOUT_S = 60
DEMO_PATH = "/demo?play=tour"


def main(is_demo: bool = False) -> int:
    """Serve until stopped; 0 after a wish to stop, 1 with one line on stderr after a failure."""
    # A supervisor's SIGTERM ends the same way as Ctrl-C, and Ctrl-C also where a shell started this in the background
    # and so had it ignored.
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, _interrupt)
    try:
        settings = load_settings()
        check_access(settings)
        check_port(settings)
        # Held open for as long as the page runs, so that an embedded server is stopped by the last one out.
        with open_database(settings):
            if is_demo:
                serve_demo(settings)
            else:
                stock_demo()
                serve_page(settings)
    except VitrineError as error:
        print(f"vitrine: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def check_port(settings: Settings) -> None:
    """Raise SettingsError when nothing can listen on the port, before minutes go into a catalogue."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"cannot serve on {settings.host}:{settings.port}: {str(error.strerror).lower()};"
                f" stop what uses it, or choose another port: PORT={settings.port % 65535 + 1} make run"
            ) from error


def serve_demo(settings: Settings) -> None:
    """Stock a part of the shop, serve the page, and fill in the rest beside it; what is not filled in at the end is at
    the next start."""
    stock_demo("--first", str(FIRST_GROUPS))
    told = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    url = f"http://{f'[{told}]' if ':' in told else told}:{settings.port}"
    with subprocess.Popen(STOCK, cwd=REPO_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as filling:
        # Whoever watches the tour comes first.
        os.setpriority(os.PRIO_PROCESS, filling.pid, 10)
        threading.Thread(target=open_when_up, args=(url,), daemon=True).start()
        try:
            serve_page(settings)
        finally:
            filling.send_signal(signal.SIGINT)


def open_when_up(url: str) -> None:
    """Say where the presenter's page is once it can be opened, and open it where there is a browser."""
    for _ in range(UP_TIMEOUT_S * 2):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                break
        except OSError:
            time.sleep(0.5)
    print(f"\n  The presenter's page: {url}{DEMO_PATH}\n", flush=True)
    if has_screen():
        webbrowser.open(f"{url}{DEMO_PATH}")


def stock_demo(*more: str) -> None:
    """Fill an empty catalogue with the demo items, in a process of its own so that the model's memory is given back."""
    done = subprocess.run([*STOCK, *more], cwd=REPO_DIR, check=False)
    if done.returncode in (-signal.SIGINT, 130):
        raise KeyboardInterrupt
    if done.returncode != 0:
        raise VitrineError("the demo catalogue could not be filled in (see above)")


def serve_page(settings: Settings) -> None:
    """Run the page in a child process until it is stopped; VitrineError when it ends by itself."""
    watched, held = os.pipe()
    told = (str(watched), settings.host, str(settings.port), str(upload_mb(settings)))
    child = subprocess.Popen(
        [sys.executable, str(REPO_DIR / "serve.py"), "--page", *told],
        cwd=REPO_DIR,
        pass_fds=(watched,),
    )
    os.close(watched)
    try:
        status = child.wait()
    finally:
        os.close(held)
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
    if status:
        raise VitrineError(f"the page ended unexpectedly (status {status}); start again with `make run`")


def upload_mb(settings: Settings) -> int:
    """The largest request body in whole megabytes: a feed's where somebody may send one, else a photo's.

    What a photo may have is counted again at its own edge.
    """
    may_send_feeds = settings.access != "public"
    most = max(settings.max_photo_bytes, settings.max_feed_bytes if may_send_feeds else 0)
    return -(-most // 2**20)


def run_page(watched: int, host: str, port: str, max_upload_mb: str) -> None:
    """Become the page server; ends with its parent."""
    threading.Thread(target=_end_with_parent, args=(watched,), daemon=True).start()
    sys.argv = [
        "streamlit", "run", str(REPO_DIR / "app.py"), f"--server.address={host}", f"--server.port={port}",
        f"--server.maxUploadSize={max_upload_mb}",
    ]  # fmt: skip
    runpy.run_module("streamlit", run_name="__main__")


def _end_with_parent(watched: int) -> None:
    os.read(watched, 1)  # returns when the parent's end closes, however it went
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--page"]:
        run_page(int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5])
    else:
        sys.exit(main(is_demo="--demo" in sys.argv[1:]))
