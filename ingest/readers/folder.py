"""Pictures in folders: `images/<category>/*.jpg`, where the folder's name is all that is said about a picture."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ingest.readers.plain import NAMES as PLAIN_NAMES
from ingest.row import LocalPicture, Place, RawRow

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})


class FolderReader:
    """Reads a folder that holds one folder a category, or that holds such a folder under the name `images`."""

    looks_for = "a folder images/<category>/*.jpg"

    def matches(self, source: Path) -> bool:
        """See Reader. Where a table of items lies beside the pictures, the folders' names say nothing."""
        if not source.is_dir() or any((source / name).exists() for name in PLAIN_NAMES):
            return False
        return any(True for _ in _pictures(_root(source)))

    def n_rows(self, source: Path) -> int:
        """See Reader."""
        return sum(1 for _ in _pictures(_root(source)))

    def rows(self, source: Path) -> Iterator[RawRow]:
        """See Reader. The file's path below the folder is the SKU; words in its name become the title."""
        root = _root(source)
        for number, (category, name) in enumerate(_pictures(root), start=1):
            label = " ".join(re.split(r"[_\W]+", category)).strip()
            yield RawRow(
                place=Place(number, "file", f"{category}/{name}"),
                sku=f"{category}/{Path(name).stem}",
                title=_title(Path(name).stem, label),
                categories=(label,),
                picture=LocalPicture(root, f"{category}/{name}"),
            )


def _root(source: Path) -> Path:
    return source / "images" if (source / "images").is_dir() else source


def _pictures(root: Path) -> Iterator[tuple[str, str]]:
    """Yield (category, file name) in order, the names of one category in memory at a time."""
    for category in _names(root, is_folder=True):
        for name in _names(root / category, is_folder=False):
            if Path(name).suffix.lower() in SUFFIXES:
                yield category, name


def _names(folder: Path, is_folder: bool) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir() == is_folder)


def _title(stem: str, label: str) -> str:
    """Make a title of the words in a file name; a name without words (a number, a hash) is titled by its category."""
    words = [word for word in re.split(r"[_\W]+", stem) if re.fullmatch(r"[^\W\d_]{2,}", word)]
    if not words or words == [word for word in re.split(r"\W+", label) if word]:
        return label
    title = " ".join(words)
    return title[:1].upper() + title[1:]
