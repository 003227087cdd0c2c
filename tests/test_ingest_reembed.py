"""Stored items get vectors of the present embedder; what was done stays done."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from env.settings import Settings
from ingest.feed import Options, find_feed
from ingest.pipeline import run
from ingest.reembed import reembed
from tests.feed_files import open_test_shop, plain_rows, write_plain
from tools.shop import Shop


@pytest.fixture
def shop(settings: Settings, tmp_path: Path) -> Iterator[Shop]:
    """A shop with ten items whose vectors an older embedder made."""
    with open_test_shop(settings) as opened:
        run(opened, find_feed(write_plain(tmp_path / "feed", plain_rows(10))), Options())
        with opened.database.connection() as connection:
            connection.execute(
                """
                UPDATE items SET embedder = 'older', embedding = array_fill(0.0625, '{256}')::vector,
                                 token_embeddings = NULL
                """
            )
        yield opened


def embedders(shop: Shop) -> list[str | None]:
    with shop.database.connection() as connection:
        return [embedder for (embedder,) in connection.execute("SELECT embedder FROM items ORDER BY sku")]


def vectors(shop: Shop) -> list[list[float]]:
    with shop.database.connection() as connection:
        return [vector.to_list() for (vector,) in connection.execute("SELECT embedding FROM items ORDER BY sku")]


def test_every_item_gets_new_vectors_of_its_stored_picture(shop: Shop, tmp_path: Path) -> None:
    done = reembed(shop)
    assert (done.n_done, done.missing, done.is_stopped) == (10, (), False)
    assert embedders(shop) == [shop.embedder.fingerprint] * 10
    new = vectors(shop)
    run(shop, find_feed(tmp_path / "feed"), Options(is_forced=True))
    assert [pytest.approx(vector, abs=1e-4) for vector in vectors(shop)] == new
    assert reembed(shop).n_done == 0


def test_an_item_whose_picture_is_gone_loses_its_vectors_and_is_told(shop: Shop) -> None:
    with shop.database.connection() as connection:
        row = connection.execute("SELECT image FROM items WHERE sku = 'S-004'").fetchone()
    assert row is not None
    shop.pictures.path(row[0]).write_bytes(b"damaged")
    done = reembed(shop)
    assert (done.n_done, done.missing) == (9, ("S-004",))
    assert embedders(shop)[4] is None
    assert set(embedders(shop)) == {None, shop.embedder.fingerprint}


def test_a_stopped_run_goes_on_where_it_ended(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.reembed.CHUNK_ITEMS", 4)
    stop = threading.Event()
    stop.set()
    first = reembed(shop, stop=stop)
    assert (first.n_done, first.is_stopped) == (4, True)
    assert reembed(shop).n_done == 6
    assert embedders(shop) == [shop.embedder.fingerprint] * 10
