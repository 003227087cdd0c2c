"""The yardstick: the method of the article that Vitrine started from, written anew to be measured beside it.

What it is: two halves of the model in fp32, one picture at a time; an item's vector is the mean of its query vectors;
rows lie in a table as LangChain's PGVector lays them out, everything that an item says in one JSONB column without an
index, and every search compares all rows. Where a photo and words are given the photo alone decides the order. The
category is a JSONB condition of the statement; all other limits are applied to the rows that came back.

What it shares with Vitrine, so that only the method differs: the checkpoint, the Postgres and its settings, the
pictures. The rows' vectors are the stored ones, which one picture at a time in fp32 gives to about three digits. Where
the article leaves something open, what is better for it is taken: vectors are normalised over the right axis.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from env.database import Database
from env.settings import Settings
from evals.retrieval_gallery import Gallery
from tools.embedder import Embedder, load_embedder
from tools.item import Item

# The columns and operators of langchain_postgres.PGVector.
_CREATE = """
    CREATE UNLOGGED TABLE IF NOT EXISTS seed_method (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(), collection_id uuid, embedding vector, document varchar,
        cmetadata jsonb
    )
"""
_EMPTY = "TRUNCATE seed_method"
_DROP = "DROP TABLE IF EXISTS seed_method"
_INSERT = "INSERT INTO seed_method (embedding, document, cmetadata) VALUES (%(vector)s, %(document)s, %(said)s)"
_SEARCH = """
    SELECT cmetadata->>'sku', embedding <=> %(vector)s::vector AS distance FROM seed_method
    ORDER BY distance LIMIT %(top_k)s
"""
_SEARCH_IN_CATEGORY = """
    SELECT cmetadata->>'sku', embedding <=> %(vector)s::vector AS distance FROM seed_method
    WHERE jsonb_path_match(cmetadata, '$.category == $value', jsonb_build_object('value', %(category)s::text))
    ORDER BY distance LIMIT %(top_k)s
"""
# Facets that an item carries into the JSON.
_SAID = ("sku", "title", "category", "colour", "gender", "age_group", "brand", "material", "pattern", "usage", "season")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search is limited to: facet to the one value allowed, and facet to the one value excluded."""

    wanted: Mapping[str, str]
    unwanted: Mapping[str, str]


NO_LIMITS = Limits({}, {})


class SeedMethod:
    """One table beside the shop's, filled from a gallery; `close` drops it."""

    def __init__(self, database: Database, settings: Settings, gallery: Gallery) -> None:
        self._database = database
        self._embedder: Embedder = load_embedder(settings.model_copy(update={"embedder_dtype": "fp32"}))
        self._items = {item.sku: item for item in gallery.items}
        self._load(gallery)

    def _load(self, gallery: Gallery) -> None:
        rows = [
            {
                "vector": vector,
                "document": item.title,
                "said": json.dumps({name: getattr(item, name) for name in _SAID}),
            }
            for item, vector in zip(gallery.items, gallery.pooled, strict=True)
        ]
        with self._database.connection() as connection, connection.cursor() as cursor:
            cursor.execute(_CREATE)
            cursor.execute(_EMPTY)
            cursor.executemany(_INSERT, rows)

    def close(self) -> None:
        """Drop the table."""
        with self._database.connection() as connection:
            connection.execute(_DROP)

    def embed_text(self, text: str) -> NDArray[np.float32]:
        """The vector of words, (dim,)."""
        vector: NDArray[np.float32] = self._embedder.embed_query_text([text])[0]
        return vector

    def embed_photo(self, photo: Image.Image) -> NDArray[np.float32]:
        """The mean of a picture's query vectors, (dim,), one picture a call."""
        vector: NDArray[np.float32] = self._embedder.embed_images([photo]).pooled[0]
        return vector

    def search(self, text: str, photo: Image.Image | None, limits: Limits, top_k: int) -> list[Item]:
        """The items shown: nearest first, those beyond the limits cut away afterwards, so the page may not be full."""
        vector = self.embed_photo(photo) if photo is not None else self.embed_text(text)
        return [item for item in self.nearest(vector, limits, top_k) if _passes(item, limits)]

    def nearest(self, vector: NDArray[np.float32], limits: Limits, top_k: int) -> list[Item]:
        """The nearest rows in the category, if one is wanted; no other limit is looked at."""
        parameters: dict[str, Any] = {"vector": vector, "top_k": top_k, "category": limits.wanted.get("category")}
        statement = _SEARCH_IN_CATEGORY if parameters["category"] else _SEARCH
        with self._database.connection() as connection:
            return [self._items[sku] for sku, _ in connection.execute(statement, parameters)]


def _passes(item: Item, limits: Limits) -> bool:
    has_wanted = all(getattr(item, facet) == value for facet, value in limits.wanted.items())
    return has_wanted and not any(getattr(item, facet) == value for facet, value in limits.unwanted.items())
