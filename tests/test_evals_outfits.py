"""Measuring looks: what is counted, and that a broken rule would be seen."""

from dataclasses import replace

import pytest

from agents.outfit_rules import load_rules
from evals.outfits import measure, pair_figures, told
from tests.small_catalog import small_items
from tools.shop import Shop


def test_looks_of_a_catalogue_are_measured(shop: Shop) -> None:
    report = measure(shop, ["small"], 12)
    figures = {figure.measure: figure for figure in report.figures}
    assert figures["looks that are complete"].value == 1.0
    assert figures["looks with a clash of gender"].value == 0.0
    assert figures["looks with two of a kind or of a design"].value == 0.0
    assert figures["gain in harmony, paired"].n == 12
    assert "looks that are complete" in told(report)


@pytest.mark.parametrize("facet", ["gender", "usage", "season"])
def test_a_clash_is_counted(facet: str) -> None:
    values = {"gender": ("female", "male"), "usage": ("formal", "sports"), "season": ("summer", "winter")}[facet]
    shirt, belt = small_items()[0], small_items()[36]
    anchor, piece = replace(shirt, **{facet: values[0]}), replace(belt, **{facet: values[1]})  # type: ignore[arg-type]
    assert facet in load_rules().clashes(anchor, piece)
    figures = {figure.measure: figure.value for figure in pair_figures([(anchor, [piece])])}
    assert figures[f"looks with a clash of {facet}"] == 1.0
