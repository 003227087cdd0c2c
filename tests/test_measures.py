"""Measures over scores: exact figures where the right answers are known."""

import numpy as np

from training.measures import attribute_precision, attribute_queries, recall_at

# (category, colour, gender) of each item.
ITEMS = [("Shirt", "red", "male")] * 12 + [("Shirt", "blue", "male")] * 2 + [("Dress", "red", "female")] * 3


def test_every_combination_is_asked_once_in_a_shoppers_words() -> None:
    queries = attribute_queries([*ITEMS, ("Belt", "", "male")])
    assert queries.texts == ("red dress for women", "blue shirt for men", "red shirt for men")


def test_ties_go_to_the_item_that_comes_first() -> None:
    scores, relevant = np.zeros((1, 30), np.float32), np.zeros((1, 30), bool)
    relevant[0, 10] = True
    assert recall_at(scores, relevant, 10) == 0.0
    assert recall_at(scores, relevant, 11) == 1.0


def test_a_facet_nobody_has_is_no_query() -> None:
    queries = attribute_queries([("Shirt", "", "")])
    assert queries.texts == ()
    assert attribute_queries([]).texts == ()
    empty = np.zeros((0, 1), np.float32)
    assert attribute_precision(empty, queries, [("Shirt", "", "")])["all"] == 0.0


def test_the_measure_tells_a_good_ranking_from_a_bad_one() -> None:
    queries = attribute_queries(ITEMS)
    right = np.array([[row == wanted for row in ITEMS] for wanted in queries.wanted], np.float32)
    assert attribute_precision(right, queries, ITEMS)["all"] == 1.0
    assert attribute_precision(-right, queries, ITEMS)["all"] < 0.4


def test_precision_counts_against_what_exists() -> None:
    queries = attribute_queries(ITEMS)
    scores = np.zeros((3, len(ITEMS)), np.float32)
    scores[0, [14, 15]] = 1  # two of the three red dresses, then red shirts for men
    scores[1, [12, 13]] = 1  # both blue shirts, then red ones
    scores[2, :10] = 1  # ten of twelve: all that ten places can hold
    once = attribute_precision(scores, queries, ITEMS)
    assert once == {
        "category": (2 / 3 + 1 + 1) / 3,
        "colour": 1.0,
        "gender": (2 / 3 + 1 + 1) / 3,
        "all": (2 / 3 + 1 + 1) / 3,
    }
    by_items = attribute_precision(scores, queries, ITEMS, by_items=True)
    assert by_items["category"] == (3 * 2 / 3 + 2 + 12) / 17
