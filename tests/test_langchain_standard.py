"""LangChain's own standard tests, those of them that a read-only store can take.

Its suite for vector stores fills an empty store by itself, which an ingested catalogue refuses; what it asks of
reading is in test_langchain_catalog.py.
"""

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import EmbeddingsIntegrationTests, RetrieversIntegrationTests

from env.database import Database
from env.settings import Settings
from tests.feed_files import bundled_embedder
from tests.stocked_shop import stocked_shop
from tools.langchain_catalog import CatalogEmbeddings, CatalogStore


@pytest.fixture
def anyio_backend() -> str:
    """What runs the coroutines among the tests."""
    return "asyncio"


@pytest.mark.anyio
class TestRetriever(RetrieversIntegrationTests):
    """`as_retriever`, whose number of documents is a search keyword."""

    @pytest.fixture(autouse=True)
    def _stock(self, settings: Settings, database: Database) -> None:
        self._store = CatalogStore(stocked_shop(settings, database))

    @property
    def retriever_constructor(self) -> Callable[..., BaseRetriever]:  # type: ignore[override]
        return lambda **asked: self._store.as_retriever(search_kwargs=asked)

    @property
    def retriever_query_example(self) -> str:
        return "a red dress"


@pytest.mark.anyio
class TestEmbeddings(EmbeddingsIntegrationTests):
    """The bundled checkpoint as LangChain's Embeddings."""

    @property
    def embeddings_class(self) -> type[Embeddings]:
        return CatalogEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"load_embedder": bundled_embedder()}
