"""The catalogue as a LangChain vector store and retriever, read-only: what is in it comes from `python -m ingest`.

The one file outside agents/ that knows LangChain; nothing of the shop imports it. Searches are the shop's own: filters
before any cut, one document a design, by its best item.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, NoReturn

import numpy as np
from babel.numbers import get_currency_precision
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.runnables import run_in_executor
from langchain_core.vectorstores import VectorStore
from langchain_core.vectorstores.utils import maximal_marginal_relevance
from PIL import Image

from env.errors import CatalogError
from tools.embedder import DIM, Embedder
from tools.item import Item
from tools.metadata_filter import read_filter
from tools.query import Filters, Hit, Query
from tools.shop import LazyEmbedder, Shop
from tools.store import Probe, Store, Vector

_K = 4  # LangChain's own default


class CatalogEmbeddings(Embeddings):
    """The shop's embedder for LangChain: words and pictures in the one space the catalogue is stored in."""

    def __init__(self, load_embedder: LazyEmbedder) -> None:
        self._load_embedder = load_embedder

    def embed_query(self, text: str) -> list[float]:
        """The vector of a shopper's words, 256 numbers of unit length."""
        return self.embed_documents([text])[0]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors of texts; items themselves are embedded by their pictures."""
        return [[float(number) for number in vector] for vector in self._embedder.embed_query_text(texts)]

    def embed_images(self, images: Sequence[Image.Image]) -> list[list[float]]:
        """The index vectors of pictures of any size and mode, unit length."""
        return [[float(number) for number in vector] for vector in self._embedder.embed_images(images).pooled]

    @property
    def _embedder(self) -> Embedder:
        return self._load_embedder()


class CatalogStore(VectorStore):
    """Documents are items: title and description as text, the SKU as id, fields as metadata (see `document`).

    Scores are cosine similarities in [-1, 1], higher is better, 0.0 where an item without a picture was found by its
    words. A `filter` is a dict of metadata (tools/metadata_filter.py). Words are searched as the shop does, by vectors
    and full text together, so their order need not be that of the scores; a vector is compared with pictures alone.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._store = Store(shop.database)
        self._embeddings = CatalogEmbeddings(shop.load_embedder)

    @property
    def embeddings(self) -> CatalogEmbeddings:
        """What the catalogue is embedded with."""
        return self._embeddings

    def similarity_search(
        self, query: str, k: int = _K, filter: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[Document]:
        """The best `k` documents for words; all there are if fewer.

        Raises:
            FilterError: the catalogue cannot limit by `filter`.
            CatalogError: an unknown keyword, or vectors of another embedder.
        """
        return [found for found, _ in self.similarity_search_with_score(query, k, filter, **kwargs)]

    def similarity_search_with_score(
        self, query: str, k: int = _K, filter: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """The same with scores."""
        _refuse_unknown(kwargs)
        found = self._shop.catalog.search(Query(text=query, filters=self._filters(filter), top_k=k))
        return [(self.document(hit.item), hit.score) for hit in found.hits]

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = _K, filter: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[Document]:
        """The `k` documents whose pictures' index vectors are nearest to a vector of the shop's embedder.

        The vector need not be of unit length.

        Raises:
            CatalogError: the vector is of another length, zero or not finite; otherwise as `similarity_search`.
        """
        return [found for found, _ in self.similarity_search_with_score_by_vector(embedding, k, filter, **kwargs)]

    def similarity_search_with_score_by_vector(
        self, embedding: list[float], k: int = _K, filter: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """The same with scores, best first."""
        _refuse_unknown(kwargs)
        return [(self.document(hit.item), hit.score) for hit in self._nearest(embedding, k, filter)]

    async def asimilarity_search_with_score_by_vector(
        self, embedding: list[float], k: int = _K, filter: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """The same in a thread."""
        search = self.similarity_search_with_score_by_vector
        return await run_in_executor(None, search, embedding, k, filter, **kwargs)

    def max_marginal_relevance_search(
        self,
        query: str,
        k: int = _K,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> list[Document]:
        """Documents near the words' vector and unlike one another (Carbonell and Goldstein, 1998)."""
        vector = self._embeddings.embed_query(query)
        return self.max_marginal_relevance_search_by_vector(vector, k, fetch_k, lambda_mult, filter, **kwargs)

    def max_marginal_relevance_search_by_vector(
        self,
        embedding: list[float],
        k: int = _K,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> list[Document]:
        """The same for a vector: `k` of the `fetch_k` nearest; `lambda_mult` 1 is nearness alone, 0 variety alone."""
        _refuse_unknown(kwargs)
        items = [hit.item for hit in self._nearest(embedding, fetch_k, filter) if hit.item.image]
        vectors: list[Any] = [self._store.vectors_and_design(item.sku)[0] for item in items]
        chosen = maximal_marginal_relevance(_unit(embedding), vectors, lambda_mult, k) if vectors else []
        return [self.document(items[place]) for place in chosen]

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The documents of these SKUs in the order asked; those that are not there are left out."""
        return [self.document(item) for item in self._shop.catalog.items(ids)]

    def document(self, item: Item) -> Document:
        """An item as a document. Metadata is plain JSON, every key always there, None where unknown.

        `price` and `price_cents` are what a shopper pays, in major and minor units of `currency`;
        `regular_price(_cents)` are set where that is a sale price. `image` is the absolute path of the picture.
        """
        text = "\n".join(part for part in (item.title, item.description) if part)
        regular_cents = item.price_cents if item.sale_price_cents is not None else None
        words = {
            name: getattr(item, name) or None
            for name in (
                "item_group_id", "brand", "gender", "age_group", "colour", "material", "pattern", "usage", "season",
                "currency", "availability", "link", "image_link",
            )
        }  # fmt: skip
        return Document(
            id=item.sku,
            page_content=text,
            metadata=words
            | {
                "sku": item.sku,
                "title": item.title,
                "category": item.category,
                "category_path": list(item.category_path),
                "sizes": dict(item.sizes),
                "price": _major(item.pays_cents, item.currency),
                "price_cents": item.pays_cents,
                "regular_price": _major(regular_cents, item.currency),
                "regular_price_cents": regular_cents,
                "in_stock": item.availability != "out_of_stock",
                "rating": item.rating,
                "n_ratings": item.n_ratings,
                "image": str(self._shop.pictures.path(item.image)) if item.image else None,
            },
        )

    def add_texts(self, texts: Iterable[str], metadatas: list[dict[str, Any]] | None = None, **kwargs: Any) -> NoReturn:
        """Refused, as is `delete`: an item needs a picture and all its fields.

        Raises:
            CatalogError: always.
        """
        _refuse_writing()

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> NoReturn:
        """Refused; see `add_texts`."""
        _refuse_writing()

    @classmethod
    def from_texts(
        cls, texts: list[str], embedding: Embeddings, metadatas: list[dict[str, Any]] | None = None, **kwargs: Any
    ) -> NoReturn:
        """Refused; see `add_texts`."""
        _refuse_writing()

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        return lambda score: min(1.0, max(0.0, score))

    def _filters(self, told: dict[str, Any] | None) -> Filters:
        canonical = self._shop.catalog.vocabulary().canonical
        return read_filter(told, canonical, self._shop.settings.currency)

    def _nearest(self, embedding: Sequence[float], k: int, told: dict[str, Any] | None) -> list[Hit]:
        filters = self._filters(told)
        self._shop.catalog.check_embedder()
        n_matching = self._shop.catalog.count(filters)
        probe = Probe(photo_vector=_unit(embedding), rerank=False, parts=("vector",))
        return self._store.nearest(probe, filters, k, n_matching) if k > 0 and n_matching else []


def _unit(embedding: Sequence[float]) -> Vector:
    vector = np.asarray(embedding, np.float32)
    if vector.shape != (DIM,):
        raise CatalogError(f"a vector of shape {vector.shape} cannot be compared with the catalogue's ({DIM},)")
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length == 0:
        raise CatalogError(f"a vector of length {length!r} points nowhere; embed a text or a picture")
    return vector / np.float32(length)


def _major(cents: int | None, currency: str) -> float | None:
    return None if cents is None else float(Decimal(cents).scaleb(-get_currency_precision(currency)))


def _refuse_unknown(kwargs: dict[str, Any]) -> None:
    if kwargs:
        raise CatalogError(f"the catalogue knows no search option {next(iter(kwargs))!r}; it knows k and filter")


def _refuse_writing() -> NoReturn:
    raise CatalogError(
        "the catalogue is loaded by `python -m ingest SOURCE`, not through LangChain; it is read-only here"
    )
