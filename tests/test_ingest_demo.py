"""The demo catalogue as a source: into an empty shop only, the same each time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from env.settings import Settings
from ingest.demo_fill import fill_demo, fill_demo_if_empty
from ingest.feed import Options, find_feed
from ingest.pipeline import run
from tests.feed_files import open_test_shop, plain_rows, write_plain
from tools.shop import Shop

N_GROUPS = 2


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_test_shop(settings) as opened:
        yield opened


def test_an_empty_shop_is_filled_and_a_second_filling_finds_all_unchanged(shop: Shop) -> None:
    first = fill_demo_if_empty(shop, n_groups=N_GROUPS)
    assert first is not None
    assert first.n_new == first.n_read > N_GROUPS
    assert fill_demo_if_empty(shop, n_groups=N_GROUPS) is None
    again = fill_demo(shop, n_groups=N_GROUPS)
    assert (again.n_unchanged, again.n_written, again.n_rejected) == (first.n_read, 0, 0)
    assert again.notes == {}


def test_a_first_part_is_finished_by_the_next_filling_and_not_begun_twice(shop: Shop) -> None:
    first = fill_demo_if_empty(shop, n_groups=N_GROUPS, n_first=1)
    assert first is not None
    assert fill_demo_if_empty(shop, n_groups=N_GROUPS, n_first=1) is None
    rest = fill_demo_if_empty(shop, n_groups=N_GROUPS)
    assert rest is not None
    assert (rest.n_unchanged, rest.n_new > 0) == (first.n_new, True)
    assert fill_demo_if_empty(shop, n_groups=N_GROUPS) is None


def test_demo_items_that_a_keeper_removed_do_not_come_back(shop: Shop) -> None:
    fill_demo_if_empty(shop, n_groups=N_GROUPS)
    with shop.database.connection() as connection:
        connection.execute("DELETE FROM items WHERE sku <> (SELECT min(sku) FROM items)")
    assert fill_demo_if_empty(shop, n_groups=N_GROUPS) is None


def test_a_shop_with_items_of_its_own_is_left_alone(shop: Shop, tmp_path: Path) -> None:
    run(shop, find_feed(write_plain(tmp_path, plain_rows(1))), Options())
    assert fill_demo_if_empty(shop) is None
