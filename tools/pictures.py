"""The store of item pictures: files named after the hash of their content."""

import hashlib
import io
import os
import re
import threading
from pathlib import Path

from PIL import Image, ImageOps

from env.errors import CatalogError
from tools.photo import to_rgb

MAX_SIDE = 1024
_JPEG_QUALITY = 88
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.jpg")


class PictureStore:
    """Item pictures below `folder`. Equal pictures are kept once; what is written is whole or absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Store a JPEG as it is and return its name, "ab/abcdef....jpg". The bytes come from a trusted edge.

        For anything that still has to be turned upright, made smaller or cleaned, use `put_image`.

        Raises:
            CatalogError: it cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        name = f"{digest[:2]}/{digest}.jpg"
        target = self.path(name)
        if not target.exists():
            self._write(target, data)
        return name

    def _write(self, target: Path, data: bytes) -> None:
        """Under a name of its own first: another process or thread may store the same picture now."""
        unfinished = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(data)
            unfinished.replace(target)
        except OSError as error:
            raise CatalogError(
                f"cannot store a picture in {str(self.folder)!r}: {error.strerror}; free the disk or set DATA_DIR"
            ) from error

    def put_image(self, image: Image.Image) -> str:
        """Store a picture upright, in RGB, at most MAX_SIDE pixels a side, as JPEG; its name."""
        upright = to_rgb(ImageOps.exif_transpose(image))
        upright.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        upright.save(buffer, "JPEG", quality=_JPEG_QUALITY, optimize=True)
        return self.put(buffer.getvalue())

    def path(self, name: str) -> Path:
        """Absolute path of a picture, whether or not it exists.

        Raises:
            CatalogError: `name` is not a name this store gives; a path from a feed never reaches the disk.
        """
        if not _NAME.fullmatch(name):
            raise CatalogError(f"{name!r} is not the name of a stored picture; ingest the item again")
        return self.folder.absolute() / name

    def open(self, name: str) -> Image.Image:
        """The picture, decoded, RGB.

        Raises:
            CatalogError: it is not there (any more).
        """
        try:
            with Image.open(self.path(name), formats=("JPEG",)) as opened:
                return opened.convert("RGB")
        except OSError as error:
            raise CatalogError(
                f"picture {name!r} is missing or damaged in {str(self.folder)!r}; ingest again"
            ) from error
