"""The catalogue as a whole: searching with the bundled model, its words, its neighbours, its memory."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from env.database import Database
from env.errors import CatalogError
from env.settings import Settings
from tests.small_catalog import draw_item, fill_pictured_catalog, insert_items, small_items, unit_vectors
from tools.catalog import Catalog
from tools.embedder import Embedder
from tools.item import Item
from tools.matching import best_match_first
from tools.pictures import PictureStore
from tools.query import Filters, Hit, Query
from tools.shop import open_shop
from tools.vocabulary import PriceRange


class NewDatabase(Protocol):
    def __call__(self) -> AbstractContextManager[str]: ...


@pytest.fixture(scope="module")
def catalog(
    new_database: NewDatabase, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Catalog]:
    """The small catalogue with drawn pictures and the bundled model's vectors."""
    pictures = PictureStore(tmp_path_factory.mktemp("pictures"))
    with new_database() as url, Database(url) as database:
        fill_pictured_catalog(database, pictures, embedder)
        yield Catalog(database, lambda: embedder, Settings())


@pytest.fixture
def plain(small_catalog: Database) -> Catalog:
    """The small catalogue without a model: asking for one fails the test."""

    def no_model() -> Embedder:
        raise AssertionError("no model is needed here")

    return Catalog(small_catalog, no_model, Settings())


def test_without_words_or_photo_the_best_rated_come_first_and_no_model_is_loaded(plain: Catalog) -> None:
    found = plain.search(Query(top_k=3))
    assert [(hit.item.sku, hit.item.rating, hit.score) for hit in found.hits] == [
        ("A-019", 4.9, 0.0),
        ("A-039", 4.9, 0.0),
        ("A-015", 4.5, 0.0),
    ]
    assert found.n_matching == 48


def test_a_photo_of_an_item_finds_it_first(catalog: Catalog) -> None:
    for item in small_items()[::7]:
        found = catalog.search(Query(photo=draw_item(item), top_k=4))
        assert found.hits[0].item.sku == item.sku
        assert found.hits[0].score == pytest.approx(1.0, abs=0.02)


def test_a_limit_does_not_change_what_a_photo_shows(catalog: Catalog) -> None:
    photo = draw_item(small_items()[0])
    for colour in ("white", "red", "navy"):
        found = catalog.search(Query(photo=photo, filters=Filters(facets={"colour": (colour,)}), top_k=3))
        assert [hit.item.category for hit in found.hits] == ["T-shirt"] * 3


def test_words_are_scored_by_the_best_query_token(catalog: Catalog, embedder: Embedder) -> None:
    text = "something red to wear"
    found = catalog.search(Query(text=text, top_k=12))
    vector = embedder.embed_query_text([text])[0]
    for hit in found.hits:
        tokens = embedder.embed_images([draw_item(replace(hit.item, image=""))]).tokens[0]
        assert hit.score == pytest.approx(float((tokens @ vector).max()), abs=0.03)


def test_weight_slides_from_the_words_to_the_photo(catalog: Catalog) -> None:
    own, photo = small_items()[25], draw_item(small_items()[25])
    groups = {item.sku: item.item_group_id or item.sku for item in small_items()}

    def skus(**query: object) -> list[str]:
        return [hit.item.sku for hit in catalog.search(Query(top_k=48, **query)).hits]  # type: ignore[arg-type]

    text = "navy belt"
    assert skus(text=text, photo=photo, photo_weight=0.0) == skus(text=text)
    assert skus(text=text, photo=photo, photo_weight=1.0) == skus(photo=photo)
    found = [skus(text=text, photo=photo, photo_weight=weight) for weight in (0.0, 0.5, 0.8, 1.0)]
    ranks = [[groups[sku] for sku in some].index(groups[own.sku]) for some in found]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] > ranks[-1] == 0


def test_limits_hold_whatever_is_asked_for(catalog: Catalog) -> None:
    filters = Filters(facets={"category": ("Shoes",), "colour": ("navy",)}, exclude={"gender": ("male",)})
    found = catalog.search(Query(text="red dress for men", filters=filters, top_k=10))
    assert {hit.item.sku for hit in found.hits} == {"A-027", "A-035"}
    assert found.n_matching == 2


def test_a_hit_brings_the_other_members_of_its_group_that_pass(catalog: Catalog) -> None:
    filters = Filters(facets={"category": ("Dress",), "gender": ("male",)}, exclude={"colour": ("navy",)})
    found = catalog.search(Query(text="black dress", filters=filters, top_k=1))
    (hit,) = found.hits
    members = [
        item.sku for item in small_items() if item.item_group_id == hit.item.item_group_id and item.colour != "navy"
    ]
    assert sorted([hit.item.sku, *(item.sku for item in hit.variants)]) == members


def test_sorting_with_a_facet_sorts_all_that_match(catalog: Catalog) -> None:
    filters = Filters(facets={"category": ("Belt", "T-shirt")})
    found = catalog.search(Query(text="leather belt", filters=filters, sort="price_asc", top_k=4))
    assert [hit.item.pays_cents for hit in found.hits] == [1_400, 1_400, 1_400, 2_000]


def test_sorting_without_a_facet_sorts_what_is_near(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.catalog._N_SORTED", 3)
    query = Query(text="a belt", top_k=3)
    near = catalog.search(query).hits
    by_price = catalog.search(replace(query, sort="price_desc")).hits
    assert {hit.item.sku for hit in by_price} == {hit.item.sku for hit in near}
    prices = [hit.item.pays_cents or 0 for hit in by_price]
    assert prices == sorted(prices, reverse=True)


def test_nothing_asked_and_nothing_matching_are_answers_too(catalog: Catalog) -> None:
    assert catalog.search(Query(text="x", top_k=0)).hits == ()
    nothing = catalog.search(Query(text="x", filters=Filters(facets={"brand": ("Nobody",)})))
    assert (nothing.hits, nothing.n_matching) == ((), 0)


def test_why_names_what_matched_then_what_is_worth_knowing(catalog: Catalog) -> None:
    filters = Filters(facets={"colour": ("red",), "gender": ("female",), "size": ("S",), "category": ("T-shirt",)})
    (first, second) = catalog.search(Query(filters=filters, top_k=2)).hits
    assert first.why == "red, for everyone, size S in stock, rated 4.0"
    assert second.why == "red, for women, size S in stock, rated 3.2"
    (by_words,) = catalog.search(
        Query(text="a linen dress", filters=Filters(facets={"category": ("Dress",)}), top_k=1)
    ).hits
    assert by_words.why.startswith("linen")
    (reduced,) = catalog.search(Query(filters=Filters(facets={"colour": ("red",)}), top_k=1)).hits
    assert reduced.why == "red, reduced, linen, rated 4.8"


def test_what_is_like_an_item_leaves_out_its_own_group_and_keep_limits(catalog: Catalog) -> None:
    found = catalog.search(Query(like="A-000", filters=Filters(facets={"colour": ("black", "red")}), top_k=20))
    assert "G-00" not in {hit.item.item_group_id for hit in found.hits}
    assert {hit.item.colour for hit in found.hits} <= {"black", "red"}
    assert len(found.hits) == 11
    assert found.n_matching == 22


def test_what_is_not_there_is_like_nothing_and_told(plain: Catalog, small_catalog: Database) -> None:
    insert_items(small_catalog, [Item("B-0", "No picture", "Belt", ("Accessories", "Belt"))])
    with pytest.raises(CatalogError, match="no item has the SKU 'gone'"):
        plain.search(Query(like="gone"))
    with pytest.raises(CatalogError, match="item 'B-0' has no picture"):
        plain.search(Query(like="B-0"))


def test_variants_of_an_item(plain: Catalog, small_catalog: Database) -> None:
    assert [item.sku for item in plain.variants("A-005")] == ["A-004", "A-005", "A-006", "A-007"]
    lone = Item("B-0", "Lone", "Belt", ("Accessories", "Belt"))
    insert_items(small_catalog, [lone])
    assert plain.variants("B-0") == [lone]
    with pytest.raises(CatalogError, match="no item has the SKU 'gone'"):
        plain.variants("gone")


def test_the_vocabulary_counts_what_there_is(plain: Catalog) -> None:
    words = plain.vocabulary()
    assert words.n_items == 48
    assert words.counts["colour"] == {"black": 12, "navy": 12, "red": 12, "white": 12}
    assert words.counts["category"]["Clothing"] == 24
    assert words.counts["category"]["T-shirt"] == 12
    assert words.values("size") == ("S", "M", "L", "41", "42", "43")
    assert words.values("usage") == ()
    paid = [item.pays_cents or 0 for item in small_items()]
    assert words.prices == (PriceRange("EUR", 48, min(paid), max(paid)),)


@pytest.mark.parametrize(
    ("facet", "word", "expected"),
    [
        ("brand", "birch & co", "Birch & Co"),
        ("brand", "ALDER", "Alder"),
        ("brand", "Nike", None),
        ("gender", "women", "female"),
        ("colour", "navy blue", "navy"),
        ("colour", "teal", "teal"),
        ("category", "trainers", "Sneakers"),
        ("size", "m", "M"),
        ("size", "44", None),
    ],
)
def test_the_vocabulary_and_the_taxonomy_know_a_word_together(
    plain: Catalog, facet: str, word: str, expected: str | None
) -> None:
    assert plain.vocabulary().canonical(facet, word) == expected


def test_what_is_remembered_is_dropped_when_the_catalogue_changes(plain: Catalog, small_catalog: Database) -> None:
    first = plain.vocabulary()
    assert plain.vocabulary() is first
    with small_catalog.connection() as connection:
        connection.execute("UPDATE items SET color = 'teal' WHERE sku = 'A-000'")
    assert plain.vocabulary().counts["colour"]["teal"] == 1
    with small_catalog.connection() as connection:
        connection.execute("DELETE FROM items WHERE color = 'teal'")
    assert plain.n_items() == plain.count(Filters()) == 47


def test_vectors_of_another_embedder_are_never_compared(small_catalog: Database, embedder: Embedder) -> None:
    catalog = Catalog(small_catalog, lambda: embedder, Settings())
    with pytest.raises(CatalogError, match=r"vectors come from 'test-embedder', .*run `python -m ingest reembed`"):
        catalog.search(Query(text="a belt"))
    with pytest.raises(CatalogError, match="test-embedder"):
        catalog.check_embedder()
    assert catalog.search(Query()).n_matching == 48
    with small_catalog.connection() as connection:
        connection.execute("UPDATE items SET embedder = %s", [embedder.fingerprint])
    assert catalog.search(Query(text="a belt", top_k=3)).hits


def test_an_empty_catalogue_is_no_error(database: Database, embedder: Embedder) -> None:
    catalog = Catalog(database, lambda: embedder, Settings())
    assert catalog.search(Query(text="a belt")).n_matching == 0
    assert catalog.vocabulary().values("brand") == ()
    catalog.check_embedder()


def test_the_shop_opens_without_loading_the_model_and_loads_it_once(settings: Settings) -> None:
    with open_shop(settings) as shop:
        assert shop.catalog.n_items() == 0
        assert shop.load_embedder._loaded is None
        assert shop.embedder is shop.embedder
        assert shop.pictures.folder == settings.data_dir / "pictures"


def test_the_shop_without_a_checkpoint_still_answers_what_needs_none(settings: Settings, tmp_path: Path) -> None:
    bare = settings.model_copy(update={"embedder": str(tmp_path / "nothing")})
    with open_shop(bare) as shop:
        insert_items(shop.database, small_items(), unit_vectors(48).astype(np.float32))
        assert len(shop.catalog.search(Query(top_k=5)).hits) == 5


def test_like_an_item_leaves_out_its_design_unless_the_item_itself_does_not_pass(catalog: Catalog) -> None:
    own = small_items()[12]
    belts = Filters(facets={"category": ("Dress",)})
    alike = catalog.search(Query(like=own.sku, filters=belts, top_k=12))
    assert own.item_group_id not in {hit.item.item_group_id for hit in alike.hits}
    red = catalog.search(Query(like=own.sku, filters=Filters(facets={"colour": ("red",)}), top_k=12))
    assert own.sku not in {hit.item.sku for hit in red.hits}
    assert own.item_group_id in {hit.item.item_group_id for hit in red.hits}


def test_words_to_avoid_push_away_what_is_like_them(catalog: Catalog) -> None:
    photo = draw_item(small_items()[25])

    def places(avoid: str) -> list[str]:
        found = catalog.search(Query(text="something to wear", avoid=avoid, top_k=48))
        return [hit.item.category for hit in found.hits]

    plain, away = places(""), places("sneakers")
    assert away != plain
    assert len(catalog.search(Query(photo=photo, avoid="red", top_k=48)).hits) == 12


def test_by_price_a_photo_sorts_only_what_looks_like_it(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.catalog._N_LOOK_ALIKES", 3)
    photo = draw_item(small_items()[25])
    near = catalog.search(Query(photo=photo, top_k=3)).hits
    filters = Filters(facets={"gender": ("female", "male", "unisex")})
    cheap = catalog.search(Query(photo=photo, filters=filters, sort="price_asc", top_k=3)).hits
    prices = [hit.item.pays_cents or 0 for hit in cheap]
    assert prices == sorted(prices)
    assert {hit.item.item_group_id for hit in cheap} == {hit.item.item_group_id for hit in near}


def test_the_matching_head_puts_the_first_hits_in_order_where_a_setting_asks_for_it(
    new_database: NewDatabase, embedder: Embedder, tmp_path: Path
) -> None:
    text = "a red dress"
    pictures = PictureStore(tmp_path / "pictures")
    with new_database() as url, Database(url) as database:
        fill_pictured_catalog(database, pictures, embedder)

        def found(n_itm: int) -> list[Hit]:
            settings = Settings.model_validate({"data_dir": tmp_path, "rerank_itm_top": n_itm})
            return list(Catalog(database, lambda: embedder, settings).search(Query(text=text, top_k=6)).hits)

        plain, matched = found(0), found(6)
    gains = embedder.score_itm(text, [pictures.open(hit.item.image) for hit in plain])
    scores = sorted((hit.score for hit in plain), reverse=True)
    lifted = sorted(range(6), key=lambda place: -scores[place] - 0.1 * float(gains[place]))
    assert [hit.item.sku for hit in matched] == [plain[place].item.sku for place in lifted]
    assert best_match_first(plain, text, embedder, pictures, most_s=-1) == plain
