"""The catalogue as LangChain sees it: real database, real checkpoint, and the code people already have."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.documents import Document
from PIL import Image

from env.database import Database
from env.errors import CatalogError, FilterError
from env.settings import Settings
from tests.feed_files import bundled_embedder
from tests.small_catalog import draw_item, fill_pictured_catalog, small_items
from tools.catalog import Catalog
from tools.langchain_catalog import CatalogEmbeddings, CatalogStore
from tools.pictures import PictureStore
from tools.query import Query
from tools.shop import Shop


@pytest.fixture(scope="module")
def store(
    new_database: Callable[[], AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CatalogStore]:
    """The 48 small items in 12 designs, drawn and embedded."""
    folder = tmp_path_factory.mktemp("var")
    with new_database() as url, Database(url) as database:
        settings = Settings.model_validate({"data_dir": folder, "database_url": url})
        pictures = PictureStore(folder / "pictures")
        fill_pictured_catalog(database, pictures, bundled_embedder()())
        catalog = Catalog(database, bundled_embedder(), settings)
        yield CatalogStore(Shop(settings, database, pictures, catalog, bundled_embedder()))


def ids(found: list[Document]) -> list[str]:
    return [str(one.id) for one in found]


def metadata(found: list[Document], name: str) -> set[Any]:
    return {one.metadata[name] for one in found}


def test_code_that_embeds_by_itself_and_filters_by_metadata_runs_as_it_is(store: CatalogStore) -> None:
    """A photo and words, each embedded by the caller, mixed by the caller, searched under a metadata filter."""
    model: CatalogEmbeddings = store.embeddings
    (photo,) = model.embed_images([draw_item(small_items()[17])])
    text = model.embed_query("a red dress")
    mixed = (np.array(photo) + np.array(text)).tolist()
    docs = store.similarity_search_by_vector(
        mixed, k=5, filter={"category": {"$in": ["Dress", "Belt"]}, "price": {"$lte": 70.0}}
    )
    lines = [f"{doc.page_content}: {doc.metadata['price']} {doc.metadata['currency']}" for doc in docs]
    assert len(lines) == len(set(ids(docs))) == 5
    assert metadata(docs, "category") <= {"Dress", "Belt"}
    assert all(doc.metadata["price"] <= 70 for doc in docs)


def test_a_picture_finds_its_own_item_first_and_scores_fall(store: CatalogStore) -> None:
    with Image.open(store.get_by_ids(["A-030"])[0].metadata["image"]) as picture:
        (vector,) = store.embeddings.embed_images([picture])
    found = store.similarity_search_with_score_by_vector(vector, k=4)
    scores = [score for _, score in found]
    assert found[0][0].id == "A-030"
    assert found[0][1] == pytest.approx(1, abs=1e-3)
    assert scores == sorted(scores, reverse=True)
    longer = [3 * number for number in vector]
    assert store.similarity_search_by_vector(longer, k=4) == [one for one, _ in found]
    assert asyncio.run(store.asimilarity_search_with_score_by_vector(vector, k=4)) == found


def test_words_are_searched_as_the_shop_does(store: CatalogStore) -> None:
    hits = store._shop.catalog.search(Query(text="black belt", top_k=3)).hits
    found = store.similarity_search_with_score("black belt", k=3)
    assert [(doc.id, score) for doc, score in found] == [(hit.item.sku, hit.score) for hit in hits]
    assert asyncio.run(store.asimilarity_search("black belt", k=3)) == [doc for doc, _ in found]


def test_a_document_tells_the_whole_item_in_plain_json(store: CatalogStore) -> None:
    (doc,) = store.get_by_ids(["A-002"])
    told = json.loads(json.dumps(doc.metadata))
    assert (doc.id, doc.page_content) == ("A-002", "Alder red t-shirt 1")
    assert told == doc.metadata
    assert (told["price"], told["price_cents"], told["regular_price"], told["regular_price_cents"]) == (
        14.0, 1400, 21.0, 2100,
    )  # fmt: skip
    assert (told["colour"], told["category_path"], told["in_stock"]) == (
        "red",
        ["Clothing", "Topwear", "T-shirt"],
        True,
    )
    assert (told["sizes"], told["rating"], told["link"]) == ({"S": 2, "M": 0, "L": 1}, pytest.approx(3.2), None)
    assert Path(told["image"]).is_file()


def test_known_ids_come_in_the_order_asked_and_unknown_ones_are_left_out(store: CatalogStore) -> None:
    assert ids(store.get_by_ids(["A-007", "gone", "A-001"])) == ["A-007", "A-001"]
    assert ids(asyncio.run(store.aget_by_ids(["A-003"]))) == ["A-003"]


# A filter, and which items' metadata it admits.
FILTERS: list[tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]] = [
    ({"category": "Belt"}, lambda m: m["category"] == "Belt"),
    ({"category": "Clothing"}, lambda m: m["category"] in ("T-shirt", "Dress")),
    ({"category": {"$in": ["Tshirts", "Belt"]}}, lambda m: m["category"] in ("T-shirt", "Belt")),
    ({"color": "Black"}, lambda m: m["colour"] == "black"),
    ({"colour": {"$ne": "black"}}, lambda m: m["colour"] != "black"),
    ({"$not": {"colour": {"$in": ["black", "white"]}}}, lambda m: m["colour"] in ("red", "navy")),
    ({"brand": {"$nin": ["Alder", "Cove"]}}, lambda m: m["brand"] == "Birch & Co"),
    ({"gender": "female"}, lambda m: m["gender"] in ("female", "unisex")),
    ({"price": {"$lt": 19.0}}, lambda m: m["price_cents"] < 1900),
    ({"price": {"$gt": 19.0, "$lte": 27.0}}, lambda m: 1900 < m["price_cents"] <= 2700),
    ({"price_cents": {"$between": [1900, 2700]}, "currency": "EUR"}, lambda m: 1900 <= m["price_cents"] <= 2700),
    (
        {"$and": [{"category": "Dress"}, {"price": {"$gte": 75}}]},
        lambda m: m["category"] == "Dress" and m["price"] >= 75,
    ),
    ({"$or": [{"colour": "red"}, {"colour": {"$in": ["navy"]}}]}, lambda m: m["colour"] in ("red", "navy")),
    ({"in_stock": True}, lambda m: m["in_stock"]),
    ({"availability": {"$ne": "out_of_stock"}, "size": "42"}, lambda m: m["in_stock"] and m["sizes"].get("42", 0) > 0),
    ({"sku": {"$nin": ["A-000", "A-001"]}}, lambda m: m["sku"] not in ("A-000", "A-001")),
    ({"brand": "Nobody"}, lambda m: False),
    ({}, lambda m: True),
]


@pytest.mark.parametrize(("told", "is_admitted"), FILTERS, ids=[json.dumps(told) for told, _ in FILTERS])
def test_a_filter_admits_exactly_what_it_says(
    store: CatalogStore, told: dict[str, Any], is_admitted: Callable[[dict[str, Any]], bool]
) -> None:
    every = store.get_by_ids([item.sku for item in small_items()])
    expected = {str(doc.id) for doc in every if is_admitted(doc.metadata)}
    designs = {doc.metadata["item_group_id"] for doc in every if doc.id in expected}
    found = store.similarity_search_by_vector([1.0, *[0.0] * 255], k=48, filter=told)
    assert set(ids(found)) <= expected
    assert metadata(found, "item_group_id") == designs


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"weight": 3}, "no filter may name 'weight'; it may name category, colour"),
        ({"$nor": []}, r"no filter may name '\$nor'"),
        ({"title": {"$ilike": "%dress%"}}, "no filter may name 'title'"),
        ({"brand": {"$like": "A%"}}, r"cannot limit 'brand' by '\$like'; use '\$eq'"),
        ({"brand": {"$exists": True}}, r"cannot limit 'brand' by '\$exists'"),
        ({"brand": ["Alder"]}, r"'brand' is compared with words, not with \['Alder'\]"),
        ({"brand": None}, "'brand' is compared with words, not with None"),
        ({"brand": {"$in": []}}, r"'\$in' wants a list that is not empty"),
        ({"price": "20"}, "'price' is compared with numbers, not with '20'"),
        ({"price": {"$in": [20, 30]}}, r"cannot limit 'price' by '\$in'"),
        ({"currency": "EUR"}, "limits nothing by itself; name a price beside it"),
        ({"in_stock": False}, "cannot limit 'in_stock' by"),
        ({"sku": "A-001"}, "or get_by_ids for known ones"),
        ({"$and": [{"colour": "red"}, {"colour": "navy"}]}, r"'colour' is limited twice; .* in one '\$in'"),
        ({"$or": [{"colour": "red"}, {"brand": "Cove"}]}, r"'\$or' may only join values of one facet"),
        ({"$or": [{"colour": "red"}, {"colour": {"$ne": "navy"}}]}, r"'\$or' may only join values of one facet"),
        ({"$not": {"colour": "red", "brand": "Cove"}}, r"'\$not' may only negate one"),
        ([("colour", "red")], "is no metadata filter"),
    ],
    ids=str,
)
def test_a_filter_that_cannot_be_kept_is_an_error_and_never_ignored(
    store: CatalogStore, told: Any, message: str
) -> None:
    with pytest.raises(FilterError, match=message):
        store.similarity_search("dress", filter=told)


def test_a_retriever_takes_a_number_a_filter_and_a_threshold(store: CatalogStore) -> None:
    plain = store.as_retriever(search_kwargs={"k": 2, "filter": {"category": "Sneakers"}})
    found = plain.invoke("sneakers")
    assert metadata(found, "category") == {"Sneakers"}
    assert len(found) == 2
    assert asyncio.run(plain.ainvoke("sneakers")) == found
    scored = store.similarity_search_with_relevance_scores("sneakers", k=12)
    threshold = sorted(score for _, score in scored)[6]
    above = store.as_retriever(
        search_type="similarity_score_threshold", search_kwargs={"k": 12, "score_threshold": threshold}
    )
    assert above.invoke("sneakers") == [doc for doc, score in scored if score >= threshold]


def test_variety_is_bought_with_nearness(store: CatalogStore) -> None:
    vector = store.embeddings.embed_query("a red dress")
    near = store.max_marginal_relevance_search_by_vector(vector, k=4, fetch_k=12, lambda_mult=1.0)
    varied = store.max_marginal_relevance_search_by_vector(vector, k=4, fetch_k=12, lambda_mult=0.0)
    assert near == store.similarity_search_by_vector(vector, k=4)
    assert varied[0] == near[0]
    assert likeness(store, varied) < likeness(store, near)
    retriever = store.as_retriever(search_type="mmr", search_kwargs={"k": 4, "fetch_k": 12, "lambda_mult": 0.0})
    assert retriever.invoke("a red dress") == varied


def likeness(store: CatalogStore, found: list[Document]) -> float:
    """The mean similarity of the found items' vectors to one another."""
    vectors = np.stack([store._store.vectors_and_design(str(doc.id))[0] for doc in found])
    return float((vectors @ vectors.T).mean())


def test_what_is_no_vector_of_the_space_is_refused(store: CatalogStore) -> None:
    for vector, message in (
        ([1.0, 2.0], r"a vector of shape \(2,\) cannot be compared with the catalogue's \(256,\)"),
        ([0.0] * 256, "a vector of length 0.0 points nowhere"),
        ([float("nan")] * 256, "a vector of length nan points nowhere"),
    ):
        with pytest.raises(CatalogError, match=message):
            store.similarity_search_by_vector(vector)


def test_an_option_that_is_not_known_is_an_error(store: CatalogStore) -> None:
    with pytest.raises(CatalogError, match="knows no search option 'fetch'; it knows k and filter"):
        store.similarity_search("dress", fetch=3)
    assert store.similarity_search("dress", k=0) == []


def test_writing_is_refused_and_says_how_the_catalogue_is_loaded(store: CatalogStore) -> None:
    message = "loaded by `python -m ingest SOURCE`, not through LangChain; it is read-only here"
    with pytest.raises(CatalogError, match=message):
        store.add_documents([Document("a dress")])
    with pytest.raises(CatalogError, match=message):
        store.delete(["A-000"])
    with pytest.raises(CatalogError, match=message):
        CatalogStore.from_texts(["a dress"], store.embeddings)
    assert len(store.get_by_ids(["A-000"])) == 1
