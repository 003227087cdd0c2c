"""A row's picture: found, identified, decoded, and kept in the picture store."""

import hashlib
import io
import threading
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from env.errors import PhotoError
from env.settings import Settings
from ingest.download import Downloader, is_public
from ingest.row import InlinePicture, LocalPicture, Picture, RemotePicture, RowError
from tools.photo import decode_photo
from tools.pictures import MAX_SIDE, PictureStore

MIN_SIDE = 16
_ORIENTATION_TAG = 0x0112


@dataclass(frozen=True, slots=True)
class Found:
    """A picture before it is decoded. `identity` differs where the picture does; `data` is None before a download."""

    picture: Picture
    identity: str
    data: bytes | None


class PictureReader:
    """Reads the pictures of one source; may be used from several threads."""

    def __init__(self, settings: Settings, store: PictureStore) -> None:
        self._settings = settings
        self._store = store
        self._storing = threading.Lock()  # two threads may hold the same picture
        may_reach = (lambda _: True) if settings.allow_private_image_hosts else is_public
        self._downloader = Downloader(settings.max_photo_bytes, may_reach)

    def close(self) -> None:
        """Close all connections."""
        self._downloader.close()

    def find(self, picture: Picture | None) -> Found:
        """Find a picture and tell its identity: the hash of its bytes, or for a download its address.

        Raises:
            RowError: no_picture, missing_picture, picture_outside_source, picture_too_large.
        """
        if picture is None:
            raise RowError("no_picture", "the row names no picture; an item without one cannot be found by eye")
        if isinstance(picture, RemotePicture):
            return Found(picture, f"url:{picture.url}", None)
        data = picture.data if isinstance(picture, InlinePicture) else self._read(picture)
        self._check_size(data, describe(picture))
        return Found(picture, hashlib.sha256(data).hexdigest(), data)

    def decode(self, found: Found) -> tuple[Image.Image, str]:
        """Decode a picture, downloading it first where it must be; the RGB picture and its name in the store.

        Raises:
            RowError: not_a_picture, damaged_picture, picture_too_large, picture_too_small, and those of a download.
        """
        data = found.data
        if data is None:
            assert isinstance(found.picture, RemotePicture)
            data = self._downloader.fetch(found.picture.url)
            self._check_size(data, describe(found.picture))
        image = self._decode(data, describe(found.picture))
        with self._storing:
            return image, self._store.put(data) if _is_fit(data) else self._store.put_image(image)

    def check(self, found: Found) -> None:
        """Make sure that a picture can be had, and keep nothing of it. Raises as `decode`."""
        data = found.data
        if data is None:
            assert isinstance(found.picture, RemotePicture)
            data = self._downloader.fetch(found.picture.url)
            self._check_size(data, describe(found.picture))
        self._decode(data, describe(found.picture))

    def _read(self, picture: LocalPicture) -> bytes:
        path = _inside(picture)
        try:
            if not path.is_file():  # nor a named pipe, which would be waited for for ever
                raise RowError("missing_picture", f"{picture.name[:200]!r} is not there, or is not a file")
            with path.open("rb") as file:
                return file.read(self._settings.max_photo_bytes + 1)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise RowError("missing_picture", f"{picture.name[:200]!r}: {reason}") from error

    def _check_size(self, data: bytes, name: str) -> None:
        if not data:
            raise RowError("damaged_picture", f"{name} is empty (0 bytes)")
        if len(data) > self._settings.max_photo_bytes:
            raise RowError(
                "picture_too_large", f"{name} has more than {self._settings.max_photo_bytes} bytes (MAX_PHOTO_BYTES)"
            )

    def _decode(self, data: bytes, name: str) -> Image.Image:
        try:
            image = decode_photo(data, self._settings, MAX_SIDE)
        except PhotoError as error:
            if isinstance(error.__cause__, UnidentifiedImageError):
                raise RowError("not_a_picture", f"{name} is not a picture") from error
            if error.__cause__ is None or isinstance(error.__cause__, Image.DecompressionBombError):
                limit = self._settings.max_photo_pixels
                raise RowError(
                    "picture_too_large", f"{name} has more than {limit} pixels (MAX_PHOTO_PIXELS)"
                ) from error
            raise RowError("damaged_picture", f"{name} is damaged or cut short") from error
        if min(image.size) < MIN_SIDE:
            raise RowError("picture_too_small", f"{name} has {image.width} x {image.height} pixels")
        return image


def describe(picture: Picture) -> str:
    """Name a picture in a message."""
    if isinstance(picture, LocalPicture):
        return repr(picture.name[:200])
    return repr(picture.url[:200]) if isinstance(picture, RemotePicture) else "the picture in the row"


def _inside(picture: LocalPicture) -> Path:
    """Resolve a name below its root.

    Raises:
        RowError: picture_outside_source where the name is absolute, climbs out, or is a link that leads out.
    """
    root = picture.root.resolve()
    try:
        path = (root / picture.name.replace("\\", "/")).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise RowError("missing_picture", f"{picture.name[:200]!r} is no file name") from error
    if not path.is_relative_to(root):
        raise RowError("picture_outside_source", f"{picture.name[:200]!r} leads out of the source's folder")
    return path


def _is_fit(data: bytes) -> bool:
    """Say whether bytes may be stored as they are: an upright RGB JPEG no larger than the store keeps."""
    with Image.open(io.BytesIO(data)) as opened:
        return (
            opened.format == "JPEG"
            and opened.mode == "RGB"
            and max(opened.size) <= MAX_SIDE
            and opened.getexif().get(_ORIENTATION_TAG, 1) == 1
        )
