"""Feeds sent by a browser, kept below DATA_DIR until they are applied or grow old."""

import json
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from env.errors import FeedError
from env.settings import Settings
from ingest.cleaning import clean_line
from ingest.feed import Feed, find_feed
from ingest.unpack import unpack

SUFFIXES = ("csv", "tsv", "txt", "jsonl", "ndjson", "xml", "parquet", "zip")
KEPT = 10
KEPT_DAYS = 7
_UNPACKED = 10
_ID = re.compile(r"[0-9a-f]{24}")
_FEED_SUFFIXES = tuple(f".{suffix}" for suffix in SUFFIXES if suffix != "zip")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file somebody sent. `name` is what they called it; on disk it never bears that name."""

    id: str
    name: str
    folder: Path

    @property
    def seen(self) -> Path:
        """Where its dry run notes what it met."""
        return self.folder / "seen.jsonl"

    def feed(self, source: str, kind: str = "") -> Feed:
        """Find the feed in what was sent, by looking.

        Raises:
            FeedError: there is none, or it could be several kinds.
        """
        content = self.folder / "content"
        single = [path for path in sorted(content.iterdir()) if path.is_file()]
        if len(single) == 1 and not any(path.is_dir() for path in content.iterdir()):
            return self._found(single[0], source, kind)
        try:
            return self._found(_unwrapped(content), source, kind)
        except FeedError:
            feeds = [path for path in sorted(content.rglob("*")) if path.suffix.lower() in _FEED_SUFFIXES]
            if len(feeds) != 1:
                raise
            return self._found(feeds[0], source, kind)

    def _found(self, path: Path, source: str, kind: str) -> Feed:
        try:
            return find_feed(path, kind, source)
        except FeedError as error:
            # Whoever sent it knows the name they gave it, not where it lies here.
            raise FeedError(str(error).replace(str(path), self.name)) from error


class Uploads:
    """The folder of uploads: the newest KEPT of the last KEPT_DAYS."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.data_dir / "uploads"
        self._max_bytes = settings.max_feed_bytes

    def receive(self, name: str, data: bytes, at_work: frozenset[str] = frozenset()) -> Upload:
        """Keep a file, unpacked where it is a ZIP. Uploads that are at work are never dropped for it.

        Raises:
            FeedError: it is empty, too large, of no kind that feeds come in, or an archive that cannot be unpacked.
        """
        plain_name = clean_line(name, 200) or "feed"
        suffix = Path(plain_name).suffix.lower().removeprefix(".")
        self._check(plain_name, suffix, data)
        self._drop_old(at_work)
        upload = Upload(secrets.token_hex(12), plain_name, self._folder)
        upload = Upload(upload.id, plain_name, self._folder / upload.id)
        try:
            self._keep(upload, suffix, data)
        except BaseException:
            shutil.rmtree(upload.folder, ignore_errors=True)
            raise
        return upload

    def find(self, upload_id: str) -> Upload:
        """An upload that is still kept.

        Raises:
            FeedError: it is not, or never was.
        """
        told = self._folder / upload_id / "upload.json"
        if not _ID.fullmatch(upload_id) or not told.is_file():
            raise FeedError("this upload is no longer kept; send the feed again")
        return Upload(upload_id, str(json.loads(told.read_text("utf-8"))["name"]), told.parent)

    def drop(self, upload: Upload) -> None:
        """Forget an upload."""
        shutil.rmtree(upload.folder, ignore_errors=True)

    def _check(self, name: str, suffix: str, data: bytes) -> None:
        if not data:
            raise FeedError(f"{name!r} is empty (0 bytes); send the feed again")
        if len(data) > self._max_bytes:
            raise FeedError(f"{name!r} has {len(data):,} bytes, more than {self._max_bytes:,} (MAX_FEED_BYTES)")
        if suffix not in SUFFIXES:
            raise FeedError(f"{name!r} is no feed by its name; send one of {', '.join(SUFFIXES)}")

    def _keep(self, upload: Upload, suffix: str, data: bytes) -> None:
        content = upload.folder / "content"
        content.mkdir(parents=True)
        if suffix == "zip":
            archive = upload.folder / "archive.zip"
            archive.write_bytes(data)
            unpack(archive, content, _UNPACKED * self._max_bytes)
            archive.unlink()
            if not any(content.iterdir()):
                raise FeedError(f"{upload.name!r} holds no files; pack the feed, with its pictures, and send it again")
        else:
            (content / f"feed.{suffix}").write_bytes(data)
        (upload.folder / "upload.json").write_text(json.dumps({"name": upload.name}), "utf-8")

    def _drop_old(self, at_work: frozenset[str]) -> None:
        kept = sorted(self._folder.glob("*/upload.json"), key=lambda told: told.stat().st_mtime, reverse=True)
        oldest = time.time() - KEPT_DAYS * 86_400
        for place, told in enumerate(kept, start=1):
            is_old = place >= KEPT or told.stat().st_mtime < oldest
            if is_old and told.parent.name not in at_work:
                shutil.rmtree(told.parent, ignore_errors=True)


def _unwrapped(folder: Path) -> Path:
    """The folder itself, or the one folder that is all it holds."""
    while len(inside := list(folder.iterdir())) == 1 and inside[0].is_dir() and inside[0].name != "images":
        folder = inside[0]
    return folder
