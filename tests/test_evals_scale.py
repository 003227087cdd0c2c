"""`python -m evals scale`: synthetic catalogues are what they say, and recall tells a right answer from a wrong one."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from env.database import Database, connect
from env.errors import DatabaseError
from env.postgres_server import PostgresServer, start_postgres
from evals import scale
from evals.scale_items import SHARES, drawn, make_clusters, parts, sku
from evals.scale_search import PER_MILLE, measure_searches, nearest_of_all, numbered_picture
from tests.postgres_lease import ask
from tools.query import Filters
from tools.store import Store
from tools.store_index import rebuild_index
from tools.store_synthetic import copy_rows, exact_scan

N_ROWS = 1_500


def _arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    scale.add_arguments(parser)
    return parser.parse_args(["--rows", str(N_ROWS), "--queries", "10", "--memory-mb", "64", *given])


@pytest.fixture
def loaded(database: Database) -> Database:
    copy_rows(database, parts(make_clusters(), N_ROWS, scale.SEED))
    with database.connection() as connection:
        row = connection.execute("SELECT count(*), max(n_items) FROM lexemes").fetchone()
    assert row is not None
    assert 0 < row[1] <= N_ROWS < row[0]
    return database


def _n_admitted() -> list[int]:
    places = np.concatenate([part.place for part in drawn(make_clusters(), N_ROWS, scale.SEED)])
    return [int((places < per_mille).sum()) for per_mille in PER_MILLE]


def test_the_report_tells_what_was_loaded_and_nothing_is_left(
    passable_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(passable_dir))
    picture = passable_dir / "curve.png"
    scale.run(_arguments("--json", "--out", str(picture)))
    (grown,) = json.loads(capsys.readouterr().out)["grown"]
    assert grown["n_rows"] == N_ROWS
    assert (grown["loaded"]["m"], grown["loaded"]["ef_construction"]) == (16, 100)
    assert [point["per_mille"] for point in grown["points"]] == [1000, 500, 100, 10, 1]
    assert [point["n_matching"] for point in grown["points"]] == _n_admitted()
    assert [point["recall_at_10"] for point in grown["points"]] == pytest.approx([1] * 5, abs=0.02)
    # 8 token vectors of 16-bit numbers and a vector of 32-bit ones are the least a row takes.
    assert grown["sizes"]["tokens"] > N_ROWS * 8 * 2 * 256
    assert grown["sizes"]["rows"] > N_ROWS * 4 * 256
    assert all(0 < point["photo"]["p50_ms"] <= point["photo"]["p95_ms"] for point in grown["points"])
    with Image.open(picture) as drawn_picture:
        assert drawn_picture.format == "PNG"
    assert not (passable_dir / "scale").exists()


def test_what_is_kept_is_searched_again_without_a_load(
    passable_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(passable_dir))
    scale.run(_arguments("--keep", "--json"))
    first = json.loads(capsys.readouterr().out)["grown"][0]
    server = start_postgres(passable_dir / "scale")
    made = ask(server.database_url(f"scale_{N_ROWS}"), "SELECT min(created_at)::text FROM items")
    server.close()
    scale.run(_arguments("--keep"))
    told = capsys.readouterr().out
    assert f"index built in {first['loaded']['build_s']:.0f} s (m = 16, ef_construction = 100)" in told
    server = start_postgres(passable_dir / "scale")
    assert ask(server.database_url(f"scale_{N_ROWS}"), "SELECT min(created_at)::text FROM items") == made
    server.close()


def test_rows_are_what_was_drawn(loaded: Database) -> None:
    store = Store(loaded)
    filters = [Filters(facets={"category": (SHARES[one],)} if one in SHARES else {}) for one in PER_MILLE]
    assert [store.count(one) for one in filters] == _n_admitted()
    (part,) = parts(make_clusters(), N_ROWS, scale.SEED)
    with loaded.connection() as connection:
        row = connection.execute(
            "SELECT title, embedding, token_embeddings FROM items WHERE sku = %s", [sku(1_234)]
        ).fetchone()
    assert row is not None
    assert row[0] == part.texts["title"][1_234].decode()
    assert row[1].to_numpy() == pytest.approx(part.pooled[1_234])
    assert [half.to_numpy() for half in row[2]] == [pytest.approx(token, abs=1e-3) for token in part.tokens[1_234]]


def test_the_truth_is_what_postgres_finds_by_comparing_every_row(loaded: Database) -> None:
    probes = np.concatenate([part.pooled for part in drawn(make_clusters(), 6, seed=77)])
    truth = nearest_of_all(probes, N_ROWS, scale.SEED)
    for probe, numbers in zip(probes, truth[1000].tolist(), strict=True):
        assert {sku(number) for number in numbers} == set(exact_scan(loaded, probe, 10))
    n_few = _n_admitted()[-1]
    assert n_few < 10
    assert [sum(number >= 0 for number in numbers) for numbers in truth[1].tolist()] == [n_few] * 6


def test_recall_falls_where_vectors_are_not_those_of_the_rows(
    loaded: Database, postgres_server: PostgresServer
) -> None:
    right = measure_searches(postgres_server, loaded, N_ROWS, scale.SEED, 10).points[0]
    with connect(loaded.url) as connection:
        # Every second row takes the vector of its neighbour, so about half of the true nearest are not found.
        connection.execute(
            """
            UPDATE items SET embedding = other.embedding FROM items AS other
            WHERE right(items.sku, 1) IN ('1', '3', '5', '7', '9')
                AND other.sku = 'S-' || lpad((right(items.sku, 8)::int - 1)::text, 8, '0')
            """
        )
    rebuild_index(loaded)
    wrong = measure_searches(postgres_server, loaded, N_ROWS, scale.SEED, 10).points[0]
    assert right.recall_at_10 >= 0.98
    assert 0.2 < wrong.recall_at_10 < 0.8


def test_a_disk_too_small_is_told_before_anything_is_loaded(passable_dir: Path) -> None:
    with pytest.raises(DatabaseError, match=r"10,000,000,000,000 items need about 120000000 GB, the disk of"):
        scale._check_disk(passable_dir, 10**13)


def test_a_numbered_picture_is_read_as_its_number() -> None:
    assert numbered_picture(70_000).tobytes() == (70_000).to_bytes(3)
