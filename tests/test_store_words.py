"""Words beside vectors: what a sentence asks for, how both lists are fused, and that no sentence does harm."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import numpy as np
import pytest

from env.database import Database
from tests.small_catalog import insert_items
from tools.item import Item
from tools.query import Filters
from tools.store import Probe, Store
from tools.store_load import open_loader
from tools.store_words import Lexeme, Sentence, corrected, read_sentence, text_parameters

# Vectors lie at growing angles from the first one, so that the nearest to it are in this order.
_TITLES = (
    "Plain canvas tote", "Linen summer dress with floral print", "Halyard canvas tote", "Halyard wool scarf",
    "Birch floral blouse", "Cove running shoes", "Shoes for running dogs", "Alder leather belt",
)  # fmt: skip
_AXES = np.eye(256, dtype=np.float32)


def _vector(place: float) -> np.ndarray:
    angle = 0.1 * place
    vector: np.ndarray = np.cos(angle) * _AXES[0] + np.sin(angle) * _AXES[1]
    return vector.astype(np.float32)


@pytest.fixture(scope="module")
def store(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Store]:
    items = [Item(f"W-{n}", title, "Thing", ("Thing",)) for n, title in enumerate(_TITLES)]
    more = [Item(f"X-{n:02d}", "Grey object", "Thing", ("Thing",)) for n in range(30)]
    vectors = np.stack([_vector(n) for n in range(len(items))] + [_vector(9)] * len(more))
    with new_database() as url, Database(url) as database:
        insert_items(database, [*items, *more], vectors)
        with open_loader(database, "test") as loader:
            loader.set_vectors(["X-00"], vectors[-1:], vectors[-1:, None], "test-embedder")
            loader.finish()
        yield Store(database)


def _order(store: Store, text: str, top_k: int = 3, **told: object) -> list[str]:
    probe = Probe(text, _AXES[0], **told)  # type: ignore[arg-type]
    return [hit.item.sku for hit in store.nearest(probe, Filters(), top_k, store.count(Filters()))]


def test_both_lists_together_beat_each_alone(store: Store) -> None:
    def first(**told: object) -> str:
        probe = Probe("floral", _vector(4.6), **told)  # type: ignore[arg-type]
        return store.nearest(probe, Filters(), 1, store.count(Filters()))[0].item.sku

    assert first(parts=("vector",)) == "W-5"
    assert first(parts=("text",)) == "W-1"
    assert first() == "W-4"


def test_an_item_that_says_all_the_words_is_found_however_far_its_picture(store: Store) -> None:
    assert _order(store, "alder leather belt", 2) == ["W-7", "W-0"]


def test_a_rare_word_alone_does_not_outdo_the_other_words_together(store: Store) -> None:
    assert _order(store, "grey object dogs", 32, parts=("text",))[-1] == "W-6"


def test_of_items_that_say_as_many_of_the_words_the_nearest_comes_first(store: Store) -> None:
    assert _order(store, "grey dogs", 1) == ["W-6"]
    assert _order(store, "grey dogs", 31, parts=("text",))[-1] == "X-29"


def test_a_conversational_sentence_finds_what_it_is_about(store: Store) -> None:
    assert (
        _order(store, "Hi there! Could you please show me some nice leather belt for my husband's birthday?")[0]
        == "W-7"
    )
    assert _order(store, "I'm looking for something floral", parts=("text",)) == ["W-1", "W-4"]


def test_words_are_found_in_any_form_and_with_a_slip(store: Store) -> None:
    assert _order(store, "belts", 1, parts=("text",)) == ["W-7"]
    assert _order(store, "halyrad scarves", parts=("text",)) == ["W-3", "W-2"]


def test_a_quoted_phrase_comes_first(store: Store) -> None:
    assert _order(store, 'a "running shoes" please', 2, parts=("text",)) == ["W-5", "W-6"]
    assert _order(store, '"leather belt"', 1) == ["W-7"]


def test_a_phrase_that_no_item_holds_empties_no_page(store: Store) -> None:
    assert len(_order(store, '"leather submarine"', 5)) == 5


def test_what_is_typed_with_a_minus_is_in_no_hit(store: Store) -> None:
    assert _order(store, "canvas tote -halyard", 2) == ["W-0", "W-1"]
    assert not {"W-1", "W-4"} & set(_order(store, "dress -floral", 38))
    assert "W-5" not in _order(store, 'shoes -"running shoes"', 38)


def test_words_count_the_less_the_more_the_photo_does(store: Store) -> None:
    orders = [
        _order(store, "alder belt", 38, photo_vector=_AXES[0], photo_weight=weight).index("W-7")
        for weight in (0.0, 0.5, 0.9, 1.0)
    ]
    assert orders == sorted(orders)
    assert orders[0] < orders[-1] == 7


def test_words_to_avoid_push_away_and_forbid_nothing(store: Store) -> None:
    plain = _order(store, "", 38)
    pushed = _order(store, "", 38, avoid_vector=_AXES[0])
    assert plain[0] == "W-0"
    assert set(pushed) == set(plain)
    towards = store.nearest(Probe("", _vector(4), avoid_vector=_AXES[1]), Filters(), 1, store.count(Filters()))
    assert towards[0].item.sku < "W-4"


def test_the_score_stays_the_likeness(store: Store) -> None:
    probe = Probe("alder belt", _AXES[0])
    hits = store.nearest(probe, Filters(), 38, 38)
    assert {hit.item.sku: hit.score for hit in hits}["W-7"] == pytest.approx(float(np.cos(0.7)), abs=1e-3)


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE items; --", "a & | ! :* <-> b", "%s %(sku)s", '"', '""', "-", "--", "- -", "\\", "'", "((",
     "☃", "t-shirt",
     "\x01", '"a\x00b" -\x00', "the and of", "-the", '-""', "a" * 5_000, "word " * 2_000],
)  # fmt: skip
def test_no_sentence_does_harm(store: Store, text: str) -> None:
    assert len(_order(store, text, 5)) == 5


def test_a_sentence_is_read_as_typed() -> None:
    assert read_sentence('show me a “slim fit” t-shirt -floral -"polka dots" for 6" heels - new') == Sentence(
        "a slim fit t-shirt for 6 heels new", '"slim fit"', '"floral" or "polka dots"'
    )
    assert read_sentence("") == Sentence("", None, None)


def test_only_rare_words_bring_candidates_of_their_own() -> None:
    told = text_parameters(Sentence("", None, None), [Lexeme("shirt", 9_000), Lexeme("o'neill", 12)], is_alone=False)
    assert told["worded"] == "'o''neill' | ('o''neill' & 'shirt')"


def test_words_that_are_all_frequent_bring_no_candidates() -> None:
    frequent = [Lexeme("dress", 90_000), Lexeme("red", 120_000)]
    assert text_parameters(Sentence("", None, None), frequent, is_alone=False)["worded"] is None
    assert text_parameters(Sentence("", None, None), frequent, is_alone=True)["worded"] is not None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("addida", "adida"),
        ("sneeker", "sneaker"),
        ("nkie", "nike"),
        ("waistcaot", "waistcoat"),
        ("xyzzy", None),
        ("nik", None),
        ("501", None),
    ],
)
def test_a_slip_gives_way_to_the_word_that_was_meant(typed: str, meant: str | None) -> None:
    known = {"adida": 40, "sneaker": 30, "nike": 50, "waistcoat": 3, "adid": 1}
    found = corrected(typed, known)
    assert (found.text if found else None) == meant


def test_ties_are_ordered_by_sku(store: Store) -> None:
    # The first of them has query-token vectors, rounded to 16 bits.
    greys = [sku for sku in _order(store, "grey object", 38) if sku.startswith("X") and sku != "X-00"]
    assert greys == sorted(greys)
    assert len(greys) == 29
