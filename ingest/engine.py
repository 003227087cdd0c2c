"""The engines that embed a feed's pictures, by name."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from env.errors import SettingsError
from ingest.engine_local import open_local
from ingest.engine_ray import open_ray
from ingest.work import Engine, Means

ENGINES: Mapping[str, Callable[[Means], AbstractContextManager[Engine]]] = {"local": open_local, "ray": open_ray}


def open_engine(name: str, means: Means) -> AbstractContextManager[Engine]:
    """The engine of that name, for a `with` statement.

    Raises:
        SettingsError: there is no such engine, or what it needs is not installed.
    """
    if name not in ENGINES:
        raise SettingsError(f"there is no engine {name!r}; the engines are {', '.join(map(repr, ENGINES))}")
    return ENGINES[name](means)
