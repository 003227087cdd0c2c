"""What kind of thing a photo shows, as its nearest designs say."""

import pytest

from tools.likeness import kinds_shown


def test_the_nearest_vote_each_with_its_likeness() -> None:
    shown = kinds_shown([("Belt", 0.90), ("Dress", 0.89), ("Dress", 0.88), ("Dress", 0.87), ("Scarf", 0.40)])
    assert shown["Dress"] > shown["Belt"] > shown["Scarf"]
    assert sum(shown.values()) == pytest.approx(1)
    assert shown["Scarf"] < 0.001


def test_one_that_is_far_nearer_outvotes_many() -> None:
    shown = kinds_shown([("Belt", 0.95), *[("Dress", 0.65)] * 20])
    assert shown["Belt"] > 0.9


def test_without_voters_there_is_no_kind() -> None:
    assert kinds_shown([]) == {}
