"""Near-duplicates without a group become one card: the same photo, or one title and all but one vector."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from env.database import Database
from tests.small_catalog import token_vectors, unit_vectors
from tools.item import Item
from tools.query import Filters
from tools.store import Probe, Store
from tools.store_load import Loader, LoadRow, open_loader
from tools.title_key import title_key

VECTORS = unit_vectors(20, seed=5)
TEE = Item("T-0", "Alder Men Blue T-shirt", "T-shirt", ("Clothing", "Topwear", "T-shirt"), brand="Alder", gender="male")


@contextmanager
def _loaded(database: Database, *rows: tuple[Item, int]) -> Iterator[Loader]:
    """A loader that has written items, each with the vector of that number, and finished."""
    with open_loader(database, "test") as loader:
        _write(loader, *rows)
        loader.finish()
        yield loader


def _write(loader: Loader, *rows: tuple[Item, int]) -> None:
    tokens = token_vectors(VECTORS)
    loader.write([LoadRow(item, repr(item), VECTORS[place], tokens[place]) for item, place in rows], "test-embedder")


def _designs(database: Database) -> set[frozenset[str]]:
    with database.connection() as connection:
        rows = connection.execute("SELECT array_agg(sku) FROM items GROUP BY design")
        return {frozenset(skus) for (skus,) in rows}


def test_one_photo_under_different_titles_is_one_card(database: Database) -> None:
    other = replace(TEE, sku="T-1", title="Plain tee", image="one")
    with _loaded(database, (replace(TEE, image="one"), 0), (other, 0), (replace(TEE, sku="T-2", image="two"), 1)):
        assert _designs(database) == {frozenset({"T-0", "T-1"}), frozenset({"T-2"})}
    store = Store(database)
    hits = store.nearest(Probe(photo_vector=VECTORS[0]), Filters(), 10, 3)
    assert [hit.item.sku for hit in hits] == ["T-0", "T-2"]
    assert [item.sku for item in store.variants(["T-1"], Filters())["T-1"]] == ["T-0", "T-1"]


def test_a_photo_of_two_kinds_of_things_is_two_cards(database: Database) -> None:
    jeans = Item("J-0", "Jeans", "Jeans", ("Clothing", "Bottoms", "Jeans"), image="one", gender="male")
    with _loaded(database, (replace(TEE, image="one"), 0), (jeans, 0)):
        assert len(_designs(database)) == 2


def test_a_photo_of_very_many_titles_stands_for_a_missing_one(database: Database) -> None:
    rows = [
        (replace(TEE, sku=f"T-{n}", title=f"Shirt named {word}", image="none"), n) for n, word in enumerate("abcdefg")
    ]
    with _loaded(database, *rows):
        assert len(_designs(database)) == 7


def test_the_same_vector_folds_only_under_the_same_title_but_for_colour_and_size(database: Database) -> None:
    navy = replace(TEE, sku="T-1", title="Alder Men Navy T-shirt XL", image="b")
    named = replace(TEE, sku="T-2", title="Alder Men Blue Polo T-shirt", image="c")
    unlike = replace(TEE, sku="T-3", image="d")
    with _loaded(database, (replace(TEE, image="a"), 0), (navy, 0), (named, 0), (unlike, 1)):
        assert _designs(database) == {frozenset({"T-0", "T-1"}), frozenset({"T-2"}), frozenset({"T-3"})}


def test_a_merchants_own_groups_stay_as_they_are(database: Database) -> None:
    rows = [
        (replace(TEE, sku=f"T-{n}", item_group_id=group, image="one"), 0) for n, group in enumerate(["G", "G", "H", ""])
    ]
    with _loaded(database, *rows):
        assert _designs(database) == {frozenset({"T-0", "T-1"}), frozenset({"T-2"}), frozenset({"T-3"})}


def test_a_later_load_joins_and_leaves_designs(database: Database) -> None:
    first, second, third = (replace(TEE, sku=f"T-{n}", image="one") for n in range(3))
    with _loaded(database, (second, 0), (third, 0)) as loader:
        assert _designs(database) == {frozenset({"T-1", "T-2"})}
        _write(loader, (first, 0))
        loader.finish()
        assert _designs(database) == {frozenset({"T-0", "T-1", "T-2"})}
        _write(loader, (replace(second, image="new", title="Another thing"), 3))
        loader.finish()
        assert _designs(database) == {frozenset({"T-0", "T-2"}), frozenset({"T-1"})}


def test_only_what_was_written_is_looked_at(database: Database) -> None:
    with _loaded(database, (replace(TEE, image="one"), 0), (replace(TEE, sku="T-1", image="one"), 0)) as loader:
        assert loader.finish().n_items == 0
        _write(loader, (replace(TEE, sku="T-9", image="nine", title="Ninth"), 9))
        assert loader.finish().n_items == 0
        assert len(_designs(database)) == 2


def test_the_best_matching_item_of_a_design_is_shown(database: Database) -> None:
    rows = [(replace(TEE, sku=f"T-{n}", item_group_id="G"), n) for n in range(6)]
    with _loaded(database, *rows):
        for place in range(6):
            (hit,) = Store(database).nearest(Probe(photo_vector=VECTORS[place]), Filters(), 5, 6)
            assert hit.item.sku == f"T-{place}"


@pytest.mark.parametrize(
    ("title", "is_same"),
    [
        ("alder men RED t-shirt", True),
        ("Alder Men T-Shirt 42", True),
        ("Alder Men T-shirt", True),
        ("Alder Men Shirt", False),
    ],
)
def test_titles_differ_by_colour_and_size_words_only(title: str, is_same: bool) -> None:
    assert (title_key(replace(TEE, title=title)) == title_key(TEE)) == is_same


def test_a_title_of_colours_alone_says_nothing() -> None:
    assert title_key(replace(TEE, title="Blue XL")) == ""


def test_words_are_counted_at_the_end_of_a_load(database: Database) -> None:
    with _loaded(database, (TEE, 0), (replace(TEE, sku="T-1", title="Alder hat"), 1)) as loader:
        with database.connection() as connection:
            found = dict(connection.execute("SELECT lexeme, n_items FROM lexemes").fetchall())
        assert (found["alder"], found["hat"]) == (2, 1)
        loader.delete(["T-1"])
        loader.finish()
        with database.connection() as connection:
            found = dict(connection.execute("SELECT lexeme, n_items FROM lexemes").fetchall())
        assert found["alder"] == 1
        assert "hat" not in found
