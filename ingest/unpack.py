"""An archive of strangers, unpacked safely: nothing leads out of the folder, nothing grows beyond its bounds."""

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from env.errors import FeedError

MAX_FILES = 100_000
_CHUNK_BYTES = 1024 * 1024
_ENCRYPTED = 0x1


def unpack(archive: Path, folder: Path, max_bytes: int) -> None:
    """Unpack a ZIP into `folder`; hidden files and what a Mac adds are left out.

    Bytes are counted as they come: what an archive says about its own sizes is not believed.

    Raises:
        FeedError: it is no readable ZIP, is encrypted, leads out of the folder, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
            if len(infos) > MAX_FILES:
                raise FeedError(f"the archive holds {len(infos):,} files, more than {MAX_FILES:,}; send it in parts")
            n_left = max_bytes
            for info in infos:
                n_left -= _unpack_one(opened, info, _target(folder, info), n_left, max_bytes)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, zlib.error, OSError) as error:
        raise FeedError(f"the archive cannot be unpacked ({error}); pack it again as a plain ZIP") from error


def _unpack_one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, n_left: int, max_bytes: int) -> int:
    """Write one file; its number of bytes."""
    if info.flag_bits & _ENCRYPTED:
        raise FeedError(f"{info.filename!r} in the archive is encrypted; pack it again without a password")
    target.parent.mkdir(parents=True, exist_ok=True)
    n_bytes = 0
    with archive.open(info) as packed, target.open("wb") as file:
        while chunk := packed.read(_CHUNK_BYTES):
            n_bytes += len(chunk)
            if n_bytes > n_left:
                shutil.rmtree(target.parent, ignore_errors=True)
                raise FeedError(f"the archive unpacks to more than {max_bytes:,} bytes; send it in parts")
            file.write(chunk)
    return n_bytes


def _target(folder: Path, info: zipfile.ZipInfo) -> Path:
    """Where a file of the archive goes.

    Raises:
        FeedError: it would go elsewhere, or is a link or a device.
    """
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise FeedError(f"{info.filename!r} in the archive is a link or a device; pack plain files only")
    name = PurePosixPath(info.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        raise FeedError(f"{info.filename!r} in the archive leads out of its folder; nothing of it was kept")
    return folder.joinpath(*name.parts)


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in parts)
