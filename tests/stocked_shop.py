"""A real shop for conversation tests: 48 items in Postgres, vectors of the bundled checkpoint's fingerprint."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import cast

from agents.desk import Desk
from agents.events import Evidence, IntentRead, ItemsFound, Message, TurnDone, TurnEvent
from agents.intent import Intent
from agents.session import Session
from agents.turn import run_turn
from env.database import Database
from env.settings import Settings
from tests.small_catalog import insert_items, small_items, token_vectors, unit_vectors
from tools.catalog import Catalog
from tools.embedder import Embedder, load_embedder
from tools.item import Item
from tools.pictures import PictureStore
from tools.shop import LazyEmbedder, Shop


@cache
def bundled_embedder() -> Embedder:
    """The checkpoint that ships with the code, loaded once a test run."""
    return load_embedder(Settings())


def stocked_shop(settings: Settings, database: Database, items: Sequence[Item] = ()) -> Shop:
    """A shop over the test's database with the 48 small items, or with these."""
    wanted = list(items) or small_items()
    vectors = unit_vectors(len(wanted))
    insert_items(database, wanted, vectors, token_vectors(vectors), bundled_embedder().fingerprint)
    loaded: Callable[[], Embedder] = bundled_embedder
    catalog = Catalog(database, loaded, settings)
    return Shop(settings, database, PictureStore(settings.data_dir / "pictures"), catalog, cast(LazyEmbedder, loaded))


@contextmanager
def small_shop(new_database: Callable[[], AbstractContextManager[str]], folder: Path) -> Iterator[Shop]:
    """A shop with the 48 small items in a database of its own."""
    with new_database() as url, Database(url) as database:
        yield stocked_shop(Settings.model_validate({"data_dir": folder, "database_url": url}), database)


def ask(desk: Desk, session: Session, text: str) -> tuple[Intent, Evidence, TurnDone]:
    """One whole turn."""
    return told(list(run_turn(session, Message(text), desk)))


def told(events: list[TurnEvent]) -> tuple[Intent, Evidence, TurnDone]:
    """What the events of one whole turn hold."""
    read, found, done = events[0], events[1], events[-1]
    assert isinstance(read, IntentRead)
    assert isinstance(found, ItemsFound)
    assert isinstance(done, TurnDone)
    return read.intent, found.evidence, done


def skus(evidence: Evidence) -> list[str]:
    """The SKUs of the cards in order."""
    return [hit.item.sku for hit in evidence.hits]
