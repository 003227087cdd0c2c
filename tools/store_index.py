"""The HNSW index over the pooled vectors: how it is built and how far it is walked, by the size of the catalogue."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from env.database import Database, connect
from env.errors import CatalogError, DatabaseError

NAME = "items_embedding"

# The steps of a growing catalogue. A walk looks at more of a larger graph, and a larger graph is built with more
# links, to find the same share of the true neighbours; docs/operations.md holds the figures.
_MEDIUM = 100_000
_LARGE = 500_000

_BUILD = """
    CREATE INDEX CONCURRENTLY items_embedding_new ON items USING hnsw (embedding vector_ip_ops)
    WITH (m = {m}, ef_construction = {ef_construction})
"""


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """How a graph is built: links of a row in each layer (twice that in the lowest), and rows looked at for each."""

    m: int
    ef_construction: int


@dataclass(frozen=True, slots=True)
class Built:
    """What a rebuild made, of how many rows, in what time."""

    plan: IndexPlan
    n_rows: int
    size_bytes: int
    seconds: float


def index_plan(n_rows: int) -> IndexPlan:
    """How to build the index of so many rows."""
    return IndexPlan(16, 100) if n_rows <= _MEDIUM else IndexPlan(24, 128)


def walk_settings(n_rows: int) -> Mapping[str, str]:
    """The settings of one search that walks the index of so many rows: names and values for `set_config`.

    The order may be relaxed, as candidates are sorted by their exact distance afterwards.
    """
    ef_search = 200 if n_rows <= _MEDIUM else 300 if n_rows <= _LARGE else 400
    return {
        "hnsw.iterative_scan": "relaxed_order",
        "hnsw.ef_search": str(ef_search),
        "hnsw.max_scan_tuples": "100000",
        "hnsw.scan_mem_multiplier": "4",
    }
