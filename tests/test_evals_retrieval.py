"""The measuring bench: figures that are known beforehand, and rankings that are broken on purpose."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from env.errors import FeedError
from evals.retrieval_baseline import baseline, opened
from evals.retrieval_cases import own_cases
from evals.retrieval_composed import Change, colour_changes, counted
from evals.retrieval_figures import Asked, Figure, best_columns, confidence, first_ranks
from evals.retrieval_gallery import Bench, open_bench
from evals.retrieval_hybrid import hybrid
from evals.retrieval_limits import Without, exclusions, full_pages, violations
from evals.retrieval_photos import photo_to_item
from evals.retrieval_stages import stages
from evals.retrieval_words import attributes, query_sets, title_to_picture
from evals.seed_method import NO_LIMITS, Limits
from tests.small_catalog import small_items
from tests.stocked_shop import bundled_embedder

ASKED = Asked("part", "all", "some way")


def value(figures: Sequence[Figure], part: str, measure: str, how: str = "") -> float:
    """The one figure whose part and ranking start like this."""
    found = [one for one in figures if one.part.startswith(part) and one.measure == measure and how in one.how]
    assert found, [(one.part, one.measure, one.how) for one in figures]
    return found[0].value


def test_ranks_count_what_stands_before_and_ties_against_the_ranking() -> None:
    scores = np.array([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.3, 0.3, 0.3], [0.9, 0.5, 0.1]], np.float32)
    relevant = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0]], bool)
    assert first_ranks(scores, relevant).tolist() == [1, 3, 3, 4]
    assert best_columns(scores, 2).tolist() == [[0, 1], [0, 1], [0, 1], [0, 1]]


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    values = np.array([0.0, 1.0] * 50)
    low, high = confidence(values)
    assert 0.38 < low < 0.5 < high < 0.62
    assert confidence(values) == (low, high)
    assert confidence(np.full(9, 0.25)) == (0.25, 0.25)
    assert ASKED.figure("recall@1", []).n == 0


def test_a_page_counts_out_of_what_could_be_right() -> None:
    first, recall, reciprocal = ASKED.pages([[False, True, True], [True], []], [2, 20, 1])
    assert first.value == pytest.approx(1 / 3)
    assert recall.value == pytest.approx((1 + 1 / 10 + 0) / 3)
    assert reciprocal.value == pytest.approx((1 / 2 + 1 + 0) / 3)


def test_pictures_in_the_wrong_order_score_near_chance(bench: Bench) -> None:
    items = {item.sku: item for item in bench.gallery.items}
    told = bundled_embedder().embed_query_text([item.title for item in bench.gallery.items])
    # A model without fault would see in each picture its title.
    seen = replace(bench.gallery, pooled=told, tokens=told[:, None, :])
    good = title_to_picture(replace(bench, gallery=seen))
    assert value(good, "title", "recall@1", "index vector") == 1.0
    shuffled = np.random.default_rng(0).permutation(len(items))
    broken = title_to_picture(replace(bench, gallery=replace(seen, pooled=told[shuffled], tokens=told[shuffled, None])))
    assert value(broken, "title", "recall@1", "index vector") < 0.15
    assert value(broken, "title", "MRR", "best token") < 0.35


def test_facets_are_asked_where_a_page_of_them_exists(bench: Bench) -> None:
    sets = query_sets(bench.gallery)
    assert sets["colour + type + people, 10 or more items"] == []
    assert [one.text for one in sets["colour alone, 10 or more items"]] == ["black", "navy", "red", "white"]
    assert len(sets["every combination there is"]) == 48
    assert value(attributes(bench), "attributes: colour alone", "colour P@10") > 0.4


def test_an_items_own_photo_is_found_again(bench: Bench) -> None:
    figures = photo_to_item(bench)
    assert value(figures, "photo to item, recompressed", "recall@10", "index vector") > 0.9
    assert value(figures, "photo to item, all of it", "recall@10", "as the shop searches") > 0.5


def test_a_violated_exclusion_is_counted(bench: Bench) -> None:
    item = small_items()[2]
    query = Without(item, "colour", "red")
    shown = [one for one in small_items() if one.category == item.category][:8]
    assert violations(ASKED, [query], [shown])[0].value == 2 / 8
    assert Without(item, "category", "Clothing").is_violated_by(item)
    assert not Without(item, "category", "Shoes").is_violated_by(item)
    figures = exclusions(bench)
    assert {one.part for one in figures} >= {"exclusions: colour", "exclusions: brand", "exclusions: category"}
    assert [one.value for one in figures if one.measure == "violations"] == [0.0] * (len(figures) // 2)


def test_a_page_within_limits_is_full(bench: Bench) -> None:
    figures = full_pages(bench)
    assert [(one.measure, one.value) for one in figures] == [("places filled", 1.0), ("within limits", 1.0)]


def test_a_change_of_colour_counts_colour_and_type(bench: Bench) -> None:
    change = colour_changes(bench)[0]
    assert change.colour != change.item.colour
    right = [item for item in small_items() if item.sku in change.relevant]
    assert {(item.category, item.colour) for item in right} == {(change.item.category, change.colour)}
    wrong_colour = replace(right[0], colour="plaid")
    wrong_type = replace(right[0], category="Umbrella", sku="other")
    recall, colour, kind, filled = counted(
        ASKED,
        [Change(change.item, change.colour, frozenset({right[0].sku}), 1)],
        [[right[0], wrong_colour, wrong_type]],
    )
    assert [recall.value, colour.value, kind.value] == pytest.approx([1.0, 1 / 3, 1 / 3])
    assert filled.value == pytest.approx(0.3)


def test_words_are_found_by_words_when_no_picture_tells_them(bench: Bench) -> None:
    figures = hybrid(bench)
    assert value(figures, "words: a title", "recall@10", "full text alone") == 1.0
    assert value(figures, "words: a title", "first is right", "vectors alone") < 1.0


def test_every_stage_is_compared_with_the_one_before(bench: Bench) -> None:
    gains = [one for one in stages(bench) if one.measure == "P@10 gain" and one.part == "stages: title"]
    assert [one.how for one in gains] == [
        "exact contrast", "matching of the top 20", "matching and contrast of the top 20",
    ]  # fmt: skip


def test_only_unseen_items_ask(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "unseen.txt").write_text("# never trained on\nA-001\nA-007\nnot-here\n")
    (tmp_path / "more.txt").write_text("A-009\n")
    narrow = open_bench(bench.shop, 40, tmp_path / "unseen.txt", tmp_path / "more.txt")
    assert [item.sku for item in narrow.askers] == ["A-001", "A-007"]
    assert [(one.name, len(one.items)) for one in narrow.galleries()] == [("all 48", 48), ("unseen 3", 3)]
    (tmp_path / "unseen.txt").write_text("nobody\n")
    with pytest.raises(FeedError, match="lists no item of this catalogue"):
        open_bench(bench.shop, 40, tmp_path / "unseen.txt")


def test_a_shops_own_cases_are_asked_with_their_filters(bench: Bench, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        '{"text": "belt", "filters": ["colour=red", "gender=women"], "relevant": ["A-038", "A-046"]}\n\n'
        '{"photo_of": "A-000", "filters": ["colour!=black"], "relevant": ["A-000"]}\n'
    )
    figures = own_cases(bench, cases)
    # Both belts, the one for everyone too; and never what a filter leaves out.
    assert value(figures, "the shop's own cases", "recall@10") == 0.5
    cases.write_text('{"text": "belt", "relevants": ["A-038"]}\n')
    with pytest.raises(FeedError, match=r"line 1: relevant: .*required"):
        own_cases(bench, cases)


def test_the_seed_method_cuts_limits_after_its_page(bench: Bench) -> None:
    figures = baseline(bench)
    assert value(figures, "exclusions: colour", "places filled", "seed method") < 1.0
    assert value(figures, "photo but in another colour", "recall@10", "seed method") < 0.7


def test_in_the_seed_method_the_photo_alone_decides(bench: Bench) -> None:
    photo = bench.shop.pictures.open(bench.gallery.items[0].image)
    with opened(bench) as seed:
        belts = seed.search("a red belt", None, Limits({"category": "Belt", "colour": "red"}, {}), 10)
        assert {(item.category, item.colour) for item in belts} == {("Belt", "red")}
        assert seed.search("a red belt", photo, NO_LIMITS, 5) == seed.search("", photo, NO_LIMITS, 5)
