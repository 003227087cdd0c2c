"""Vectors order what the limits leave: the same as comparing everything, at every selectivity, by either plan."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from env.database import Database
from tests.small_catalog import insert_items, small_items, token_vectors, unit_vectors
from tools import store_rank_sql
from tools.item import Item
from tools.query import Filters, Hit
from tools.store import Probe, Store
from tools.store_filters import filter_parameters
from tools.store_index import walk_settings
from tools.store_sql import limited
from tools.store_words import read_sentence, text_parameters

N_ITEMS = 3_000
# A brand's share of the items; the last one is a single group of many variants.
_SHARES = {"Half": 0.5, "Tenth": 0.1, "Hundredth": 0.01, "Few": 0.002}


# Some thousand rows are sorted as fast as the index is walked: here the planner is not given the choice.
ONLY_INDEX = {"enable_seqscan": "off", "enable_sort": "off", "enable_bitmapscan": "off"}


class NewDatabase(Protocol):
    def __call__(self) -> AbstractContextManager[str]: ...


def _many_items() -> list[Item]:
    """Items in groups of three; brands take their shares at random; 400 more are variants of one design."""
    chosen = np.random.default_rng(7)
    brands = chosen.choice([*_SHARES, "Other"], N_ITEMS, p=[*_SHARES.values(), 1 - sum(_SHARES.values())])
    groups = chosen.integers(0, N_ITEMS // 3, N_ITEMS)
    items = [
        Item(f"M-{number:04d}", f"Thing {number}", "Belt", ("Accessories", "Belt"), f"G-{group}", brand=str(brand))
        for number, (brand, group) in enumerate(zip(brands, groups, strict=True))
    ]
    return items + [
        Item(f"V-{number:04d}", "Variant", "Belt", ("Accessories", "Belt"), "V", brand="Variants")
        for number in range(400)
    ]


ITEMS = _many_items()
VECTORS = unit_vectors(len(ITEMS), seed=3)
# All variants lie around one direction, nearer to it than anything else.
VECTORS[N_ITEMS:] = (lambda near: near / np.linalg.norm(near, axis=1, keepdims=True))(
    VECTORS[N_ITEMS:] * 0.2 + VECTORS[-1]
)
PROBES = unit_vectors(8, seed=4)


def towards(photo: NDArray[np.float32], other: NDArray[np.float32], cosine: float) -> NDArray[np.float32]:
    """A unit vector of that cosine to `photo`."""
    aside = other - (other @ photo) * photo
    turned: NDArray[np.float32] = cosine * photo + (1 - cosine**2) ** 0.5 * aside / np.linalg.norm(aside)
    return turned


@pytest.fixture(scope="module")
def many(new_database: NewDatabase) -> Iterator[Store]:
    with new_database() as url, Database(url) as database:
        insert_items(database, ITEMS, VECTORS)
        with database.connection() as connection:
            connection.execute("ANALYZE items")
        yield Store(database)


@pytest.fixture(params=["exact", "index"])
def plan(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to search: everything compared, or the HNSW index walked."""
    if request.param == "exact":
        monkeypatch.setattr("tools.store_plan.EXACT_UP_TO", 10**9)
    else:
        monkeypatch.setattr("tools.store_plan.EXACT_UP_TO", 0)
        monkeypatch.setattr("tools.store.walk_settings", lambda n_rows: {**walk_settings(n_rows), **ONLY_INDEX})
    return str(request.param)


def _by_brute_force(probe: NDArray[np.float32], places: Sequence[int], top_k: int) -> list[tuple[str, float]]:
    """SKU and score of the best item of each of the nearest groups."""
    best: dict[str, tuple[float, str]] = {}
    for place in places:
        scored = (-float(VECTORS[place] @ probe), ITEMS[place].sku)
        best[ITEMS[place].item_group_id] = min(best.get(ITEMS[place].item_group_id, scored), scored)
    return [(sku, -score) for score, sku in sorted(best.values())[:top_k]]


def _search(store: Store, probe: NDArray[np.float32], filters: Filters, top_k: int) -> list[Hit]:
    return store.nearest(Probe(photo_vector=probe), filters, top_k, store.count(filters))


@pytest.mark.parametrize("brand", [*_SHARES, "Other", None])
@pytest.mark.parametrize("top_k", [1, 10, 48])
def test_top_k_is_full_and_right_at_every_selectivity(many: Store, plan: str, brand: str | None, top_k: int) -> None:
    filters = Filters(facets={"brand": (brand,)}) if brand else Filters(exclude={"brand": ("Variants",)})
    places = [place for place, item in enumerate(ITEMS) if item.brand in ((brand,) if brand else (*_SHARES, "Other"))]
    n_same = n_all = 0
    for probe in PROBES:
        expected = _by_brute_force(probe, places, top_k)
        hits = _search(many, probe, filters, top_k)
        assert len(hits) == len(expected)
        assert {hit.item.brand for hit in hits} <= {ITEMS[place].brand for place in places}
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert len({hit.item.item_group_id for hit in hits}) == len(hits)
        n_same += len({sku for sku, _ in expected} & {hit.item.sku for hit in hits})
        n_all += len(expected)
        if plan == "exact":
            # Compared by score: two items may be equally near to the last digit of a 32-bit float.
            assert [hit.score for hit in hits] == pytest.approx([score for _, score in expected], abs=1e-6)
    assert n_same / n_all >= 0.9


@pytest.mark.usefixtures("plan")
def test_hundreds_of_nearer_variants_do_not_crowd_out_other_groups(many: Store) -> None:
    hits = _search(many, VECTORS[-1], Filters(), 20)
    assert len(hits) == 20
    assert [hit.item.item_group_id for hit in hits].count("V") == 1
    assert hits[0].item.sku == "V-0399"


@pytest.mark.usefixtures("plan")
def test_fewer_groups_than_asked_are_all_returned(many: Store) -> None:
    assert [
        hit.item.item_group_id for hit in _search(many, PROBES[0], Filters(facets={"brand": ("Variants",)}), 20)
    ] == ["V"]
    assert _search(many, PROBES[0], Filters(facets={"brand": ("Nobody",)}), 20) == []


@pytest.mark.usefixtures("plan")
def test_an_item_finds_itself(many: Store) -> None:
    for place in (0, 17, 1_234, 2_999):
        (hit,) = _search(many, VECTORS[place], Filters(), 1)
        assert hit.item.sku == ITEMS[place].sku
        assert hit.score == pytest.approx(1.0, abs=1e-5)
        assert hit.score <= 1.0


def test_one_statement_can_walk_the_index_and_the_other_never_does(many: Store) -> None:
    parameters = filter_parameters(Filters()) | Probe(photo_vector=PROBES[0]).parameters()
    parameters |= {"top_k": 10, "n_candidates": 200, "n_near": 200} | text_parameters(read_sentence(""), [], False)
    settings = {**walk_settings(len(ITEMS)), **ONLY_INDEX}

    def plan_of(statement: str) -> str:
        with many._database.connection() as connection:
            connection.execute(store_rank_sql.SET, {"names": list(settings), "values": list(settings.values())})
            rows = connection.execute(b"EXPLAIN " + statement.encode(), parameters).fetchall()
        return "\n".join(row[0] for row in rows)

    assert "Index Scan using items_embedding" in plan_of(limited(store_rank_sql.NEAREST_WALKED, parameters))
    assert "items_embedding" not in plan_of(limited(store_rank_sql.NEAREST_EXACT, parameters))


def test_equal_scores_are_ordered_by_sku(database: Database) -> None:
    same = np.repeat(unit_vectors(1), 9, axis=0)
    items = [Item(f"T-{number}", "Same", "Belt", ("Accessories", "Belt")) for number in (4, 2, 8, 0, 6, 1, 3, 7, 5)]
    insert_items(database, items, same)
    hits = Store(database).nearest(Probe(photo_vector=same[0]), Filters(), 9, 9)
    assert [hit.item.sku for hit in hits] == [f"T-{number}" for number in range(9)]


def test_words_are_compared_with_every_query_token_vector(small_catalog: Database) -> None:
    vectors = unit_vectors(48)
    tokens = token_vectors(vectors)
    probe = unit_vectors(1, seed=9)[0]
    items = small_items()
    exact = (tokens @ probe).max(axis=1)
    store = Store(small_catalog)
    hits = store.nearest(Probe(text_vector=probe), Filters(), 48, 48)
    by_sku = {item.sku: float(score) for item, score in zip(items, exact, strict=True)}
    # The vectors are stored as 16-bit floats.
    assert {hit.item.sku: hit.score for hit in hits} == pytest.approx(
        {hit.item.sku: by_sku[hit.item.sku] for hit in hits}, abs=2e-3
    )
    best_of_group = {
        item.item_group_id: max(by_sku[other.sku] for other in items if other.item_group_id == item.item_group_id)
        for item in items
    }
    assert [by_sku[hit.item.sku] for hit in hits] == pytest.approx(
        sorted(best_of_group.values(), reverse=True), abs=2e-3
    )
    pooled = store.nearest(Probe(text_vector=probe, rerank=False), Filters(), 1, 48)[0]
    assert pooled.score == pytest.approx(float((vectors @ probe).max()), abs=1e-5)


def test_words_and_photo_are_weighed(small_catalog: Database) -> None:
    vectors = unit_vectors(48)
    store = Store(small_catalog)

    likeness = float(vectors[0] @ vectors[40])
    for weight, sku, score in (
        (0.0, "A-000", 1.0),
        (0.25, "A-000", 0.75 + 0.25 * likeness),
        (0.75, "A-040", 0.75 + 0.25 * likeness),
        (1.0, "A-040", 1.0),
    ):
        probe = Probe(text_vector=vectors[0], photo_vector=vectors[40], photo_weight=weight, rerank=False)
        hit = store.nearest(probe, Filters(), 1, 48)[0]
        assert hit.item.sku == sku
        assert hit.score == pytest.approx(score, abs=1e-5)


def test_what_is_of_the_kind_that_a_photo_shows_is_lifted(database: Database) -> None:
    photo, other = unit_vectors(2)
    cosines = {"Belt": 0.90, "Dress": 0.80, "Scarf": 0.55}
    kinds = [Item(f"K-{kind}", kind, kind, ("Clothing", kind)) for kind in cosines]
    insert_items(database, kinds, np.stack([towards(photo, other, cosine) for cosine in cosines.values()]))

    def order(**probe: object) -> list[str]:
        found = Store(database).nearest(Probe(photo_vector=photo, **probe), Filters(), 3, 3)  # type: ignore[arg-type]
        return [hit.item.category for hit in found]

    assert order() == ["Belt", "Dress", "Scarf"]
    assert order(kinds={"Dress": 1.0}) == ["Dress", "Belt", "Scarf"]
    assert order(kinds={"Dress": 0.1}) == ["Belt", "Dress", "Scarf"]
    assert order(kinds={"Scarf": 1.0}) == ["Belt", "Scarf", "Dress"]
    words = {"text_vector": other, "photo_weight": 0.01}
    assert order(kinds={"Belt": 1.0}, **words) == order(**words)


def test_the_thing_of_the_photo_itself_needs_no_votes(database: Database) -> None:
    photo, other = unit_vectors(2)
    items = [Item("K-0", "Its own", "Belt", ("Belt",)), Item("K-1", "Another", "Dress", ("Dress",))]
    insert_items(database, items, np.stack([towards(photo, other, cosine) for cosine in (0.97, 0.9)]))
    probe = Probe(photo_vector=photo, kinds={"Dress": 1.0})
    assert [hit.item.sku for hit in Store(database).nearest(probe, Filters(), 2, 2)] == ["K-0", "K-1"]


def test_photos_are_compared_token_by_token(database: Database) -> None:
    pooled = unit_vectors(2)
    tokens = unit_vectors(8).reshape(2, 4, -1)
    insert_items(database, small_items()[:1], pooled[:1], tokens[:1])
    probe = Probe(photo_vector=pooled[0], photo_tokens=tokens[1])
    (hit,) = Store(database).nearest(probe, Filters(), 1, 1)
    assert hit.score == pytest.approx(float((tokens[0] * tokens[1]).sum(axis=1).mean()), abs=2e-3)


def test_the_nearest_designs_say_their_kinds(small_catalog: Database) -> None:
    vectors = unit_vectors(48)
    near = Store(small_catalog).kinds_near(vectors[5])
    likeness = [cosine for _, cosine in near]
    assert (near[0][0], len(near)) == ("T-shirt", 12)  # one vote for each design
    assert likeness[0] == pytest.approx(1.0, abs=1e-5)
    assert likeness == sorted(likeness, reverse=True)


def test_the_shoppers_own_words_decide_among_the_near(database: Database) -> None:
    vectors = unit_vectors(2)
    vectors[1] = vectors[0] * 0.97 + vectors[1] * 0.2
    vectors[1] /= np.linalg.norm(vectors[1])
    plain = Item("W-0", "Canvas bag", "Tote bag", ("Bags", "Tote bag"))
    named = Item("W-1", "Harbour tote in canvas", "Tote bag", ("Bags", "Tote bag"), brand="Halyard")
    insert_items(database, [plain, named], vectors)

    def order(text: str) -> list[str]:
        return [hit.item.sku for hit in Store(database).nearest(Probe(text, vectors[0]), Filters(), 2, 2)]

    assert order("") == ["W-0", "W-1"]
    assert order("halyard totes") == ["W-1", "W-0"]


def test_an_item_far_in_vectors_is_found_by_all_its_words(many: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.store.N_CANDIDATES", 20)
    hits = many.nearest(Probe("thing 1234", PROBES[0]), Filters(), 3, len(ITEMS))
    assert hits[0].item.title == "Thing 1234"


def test_items_without_a_picture_come_last_with_score_zero(database: Database) -> None:
    seen, unseen = small_items()[0], small_items()[47]
    insert_items(database, [unseen])
    insert_items(database, [seen], -unit_vectors(1))
    hits = Store(database).nearest(Probe(text_vector=unit_vectors(1)[0]), Filters(), 5, 2)
    assert [(hit.item.sku, hit.score) for hit in hits] == [
        (seen.sku, pytest.approx(-1.0, abs=1e-5)),
        (unseen.sku, 0.0),
    ]


def test_a_probe_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a probe needs words or a photo"):
        Probe(text="words without a vector").parameters()
