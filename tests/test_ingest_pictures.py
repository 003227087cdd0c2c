"""Pictures of rows: inside their source, whole, of a known format, and stored once."""

import io
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from env.settings import Settings
from ingest.pictures import PictureReader
from ingest.row import InlinePicture, LocalPicture, Picture, RowError
from tests.feed_files import picture, write_picture
from tools.pictures import PictureStore


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path / "store")


@pytest.fixture
def reader(store: PictureStore) -> Iterator[PictureReader]:
    opened = PictureReader(Settings(max_photo_bytes=200_000, max_photo_pixels=1_000_000), store)
    yield opened
    opened.close()


def refusal(reader: PictureReader, one: Picture | None) -> str:
    with pytest.raises(RowError) as error:
        reader.decode(reader.find(one))
    return error.value.reason


@pytest.mark.parametrize(
    "name",
    ["../secret.jpg", "images/../../secret.jpg", "/etc/passwd", "..\\secret.jpg", "link.jpg", "linked/secret.jpg"],
)
def test_no_name_leads_out_of_the_source(tmp_path: Path, reader: PictureReader, name: str) -> None:
    write_picture(tmp_path / "secret.jpg")
    root = write_picture(tmp_path / "feed" / "images" / "a.jpg").parents[1]
    (root / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (root / "linked").symlink_to(tmp_path)
    assert refusal(reader, LocalPicture(root, name)) == "picture_outside_source"
    assert reader.decode(reader.find(LocalPicture(root, "images\\a.jpg")))[0].size == (60, 80)


@pytest.mark.parametrize("name", ["gone.jpg", "folder", "pipe", "a\0b", "x" * 5000])
def test_what_is_not_a_file_is_missing(tmp_path: Path, reader: PictureReader, name: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert refusal(reader, LocalPicture(tmp_path, name)) == "missing_picture"


def huge_png() -> bytes:
    """A few bytes that claim 30,000 x 30,000 pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(100))
    chunks = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in (header, data))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged_picture"),
        (b"<html>not found</html>", "not_a_picture"),
        (picture(size=(400, 400))[:700], "damaged_picture"),
        (picture(size=(1200, 900)), "picture_too_large"),
        (huge_png(), "picture_too_large"),
        (b"\xff" * 200_001, "picture_too_large"),
        (picture(size=(8, 8)), "picture_too_small"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_reason(reader: PictureReader, data: bytes, reason: str) -> None:
    assert refusal(reader, InlinePicture(data)) == reason


def test_no_picture_is_a_reason_of_its_own(reader: PictureReader) -> None:
    assert refusal(reader, None) == "no_picture"


def test_a_fit_jpeg_is_kept_as_it_is_and_others_become_one(reader: PictureReader, store: PictureStore) -> None:
    _, name = reader.decode(reader.find(InlinePicture(picture())))
    assert store.path(name).read_bytes() == picture()
    image, name = reader.decode(reader.find(InlinePicture(picture(form="PNG"))))
    assert image.mode == "RGB"
    with Image.open(store.path(name)) as stored:
        assert (stored.format, stored.size) == ("JPEG", (60, 80))


def test_a_picture_lying_on_its_side_is_stored_upright(reader: PictureReader, store: PictureStore) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(buffer, "JPEG", exif=exif)
    image, name = reader.decode(reader.find(InlinePicture(buffer.getvalue())))
    assert image.size == (60, 80)
    assert store.open(name).size == (60, 80)


def test_identity_follows_the_bytes(tmp_path: Path, reader: PictureReader) -> None:
    path = write_picture(tmp_path / "a.jpg", "red")
    before = reader.find(LocalPicture(tmp_path, "a.jpg")).identity
    os.utime(path, (1, 1))
    assert reader.find(LocalPicture(tmp_path, "a.jpg")).identity == before
    write_picture(path, "blue")
    assert reader.find(LocalPicture(tmp_path, "a.jpg")).identity != before
