"""The vector index: built anew while the shop goes on, by the plan for the catalogue's size."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from env.database import Database, connect
from env.errors import CatalogError
from env.settings import REPO_DIR
from tests.postgres_lease import ask, wait_until
from tests.small_catalog import insert_items, small_items, unit_vectors
from tools.item import Item
from tools.store_index import (
    IndexPlan,
    build_memory_mb,
    drop_index,
    index_plan,
    prewarm,
    rebuild_index,
    walk_settings,
)

_OPTIONS = "SELECT array_to_string(reloptions, ' ') FROM pg_class WHERE relname = 'items_embedding'"
_INDEXES = """
    SELECT string_agg(indexrelid::regclass::text, ' ') FROM pg_index WHERE indexrelid::regclass::text ~ 'embedding'
"""
_N_BUFFERED = """
    SELECT count(*) FROM pg_buffercache JOIN pg_database ON pg_database.oid = reldatabase
    WHERE datname = current_database() AND relfilenode = pg_relation_filenode('items_embedding')
"""


def _nearest(url: str, vector: NDArray[np.float32]) -> str:
    with connect(url) as connection:
        connection.execute("SET enable_seqscan = off")
        query = f"SELECT sku FROM items ORDER BY embedding <#> '{vector.tolist()}' LIMIT 1"
        row = connection.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""


def test_a_larger_catalogue_gets_more_links_and_longer_walks() -> None:
    sizes = (0, 1_000, 44_000, 250_000, 1_000_000, 10_000_000)
    plans = [index_plan(n_rows) for n_rows in sizes]
    walks = [int(walk_settings(n_rows)["hnsw.ef_search"]) for n_rows in sizes]
    assert [plan.m for plan in plans] == sorted(plan.m for plan in plans)
    assert walks == sorted(walks)
    assert plans[0] != plans[-1]
    assert walks[0] < walks[-1]
    # pgvector refuses to build with fewer.
    assert all(plan.ef_construction >= 2 * plan.m for plan in plans)


@pytest.mark.parametrize("n_rows", [1_000, 250_000, 5_000_000])
def test_postgres_takes_the_settings_of_a_walk(database: Database, n_rows: int) -> None:
    with database.connection() as connection:
        connection.execute("LOAD 'vector'")
        for name, value in walk_settings(n_rows).items():
            assert connection.execute("SELECT set_config(%s, %s, true)", [name, value]).fetchone() == (value,)


def test_the_index_is_replaced_by_one_of_the_plan(small_catalog: Database) -> None:
    built = rebuild_index(small_catalog, IndexPlan(8, 32))
    assert (built.plan, built.n_rows) == (IndexPlan(8, 32), 48)
    assert ask(small_catalog.url, _OPTIONS) == "m=8 ef_construction=32"
    assert ask(small_catalog.url, _INDEXES) == "items_embedding"
    assert built.size_bytes == ask(small_catalog.url, "SELECT pg_relation_size('items_embedding')")
    plan = rebuild_index(small_catalog).plan
    assert plan == index_plan(48)
    assert ask(small_catalog.url, _OPTIONS) == f"m={plan.m} ef_construction={plan.ef_construction}"


def test_a_rebuild_after_a_load_without_index_finds_what_was_loaded(database: Database) -> None:
    drop_index(database)
    assert ask(database.url, _INDEXES) is None
    vectors = unit_vectors(48)
    insert_items(database, small_items(), vectors)
    assert rebuild_index(database).n_rows == 48
    assert _nearest(database.url, vectors[17]) == "A-017"
    assert ask(database.url, "SELECT reltuples FROM pg_class WHERE relname = 'items'") == 48


def test_searches_and_writes_go_on_while_the_index_is_built(small_catalog: Database) -> None:
    vectors = unit_vectors(50, seed=5)
    with ThreadPoolExecutor(1) as pool, connect(small_catalog.url) as other:
        # Before it is used, an index waits for those who see the table as it was earlier: this one holds it there.
        other.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT count(*) FROM items")
        building = pool.submit(rebuild_index, small_catalog)
        assert wait_until(lambda: bool(ask(small_catalog.url, "SELECT count(*) FROM pg_stat_progress_create_index")))
        assert _nearest(small_catalog.url, unit_vectors(48)[3]) == "A-003"
        insert_items(small_catalog, [Item("NEW", "New", "Belt", ("Accessories", "Belt"))], vectors[49:])
        with pytest.raises(CatalogError, match="the index is being rebuilt already"):
            rebuild_index(small_catalog)
        assert not building.done()
        other.execute("COMMIT")
        assert building.result(timeout=60).n_rows == 48
    assert _nearest(small_catalog.url, vectors[49]) == "NEW"


def test_what_a_killed_rebuild_left_is_cleared_away(small_catalog: Database) -> None:
    with small_catalog.connection() as connection:
        connection.execute("CREATE INDEX items_embedding_new ON items USING hnsw (embedding vector_ip_ops)")
    rebuild_index(small_catalog, IndexPlan(8, 32))
    assert ask(small_catalog.url, _INDEXES) == "items_embedding"
    assert ask(small_catalog.url, _OPTIONS) == "m=8 ef_construction=32"


@pytest.mark.parametrize("m", [16, 32])
def test_the_told_memory_is_what_a_graph_takes(database: Database, m: int) -> None:
    """pgvector says how many rows' graph a memory holds when it outgrows it."""
    items = [Item(f"M-{number:04}", "Thing", "Belt", ("Accessories", "Belt")) for number in range(1_000)]
    insert_items(database, items, unit_vectors(len(items)))
    said: list[str] = []
    with connect(database.url) as connection:
        connection.add_notice_handler(lambda notice: said.append(str(notice.message_primary)))
        connection.execute("SET maintenance_work_mem = '1MB'")
        query = f"CREATE INDEX tried ON items USING hnsw (embedding vector_ip_ops) WITH (m = {m}, ef_construction = 64)"
        connection.execute(query.encode())
    (notice,) = said
    told = re.fullmatch(r"hnsw graph no longer fits into maintenance_work_mem after (\d+) tuples", notice)
    assert told is not None
    needed_mb = 1_000_000 / int(told[1])
    assert needed_mb <= build_memory_mb(1_000_000, IndexPlan(m, 64)) <= 1.4 * needed_mb


def test_prewarming_reads_the_index_into_memory(small_catalog: Database) -> None:
    with small_catalog.connection() as connection:
        connection.execute("CREATE EXTENSION pg_buffercache")
        connection.execute("CHECKPOINT")
        connection.execute("SELECT pg_buffercache_evict_relation('items_embedding')")
    assert ask(small_catalog.url, _N_BUFFERED) == 0
    prewarm(small_catalog)
    assert ask(small_catalog.url, _N_BUFFERED) == ask(
        small_catalog.url, "SELECT pg_relation_size('items_embedding') / 8192"
    )


def test_the_command_tells_what_it_built(small_catalog: Database) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "reindex", "--workers", "0"], cwd=REPO_DIR, capture_output=True, text=True,
        env=os.environ | {"DATABASE_URL": small_catalog.url}, timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "building the vector index; searches go on with the old one ...\n")
    assert re.fullmatch(r"index of 48 items built in \d+ s \(m = 16, ef_construction = 100, 0 MB\)\n", done.stdout)
