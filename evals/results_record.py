"""One run as it is kept: which command, when, on what machine, and what came out."""

import datetime
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Words of a path that name no data.
_PLAIN_NAMES = ("train", "data", "items", "images")


@dataclass(frozen=True, slots=True)
class Record:
    """A run. `kind` is the command's name; `command` calls the data by what they are, not by where they lie."""

    kind: str
    command: str
    date: str
    machine: str
    report: dict[str, Any]


def record(kind: str, sources: Sequence[str], options: Sequence[str], report: Any) -> Record:
    """The record of a report, which is a dataclass, made now on this machine."""
    command = " ".join(["python -m evals", kind, *map(data_name, sources), *options])
    return Record(kind, command, datetime.date.today().isoformat(), machine(), asdict(report))


def data_name(source: str) -> str:
    """What a source is called in a command: `demo` as it is, "kaggle-small/train.parquet" KAGGLE_SMALL."""
    path = Path(source)
    if len(path.parts) == 1 and not path.exists():
        return source
    name = path.resolve().parent.name if path.stem in _PLAIN_NAMES else path.stem
    return name.upper().replace("-", "_").replace(" ", "_")


def machine() -> str:
    """Processor architecture, cores and how busy they were."""
    load = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{platform.machine()}, {os.cpu_count()} cores{load}, Python {platform.python_version()}"
