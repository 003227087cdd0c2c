"""Colours: where they stand in OKLCH, and how well two of them go together."""

import pytest

from agents.harmony import harmonious, harmony, is_neutral
from tools.oklch import hue_distance, oklch
from tools.taxonomy import load_taxonomy


@pytest.mark.parametrize(
    ("hex_colour", "lightness", "chroma", "hue_degrees"),
    # The reference values of Ottosson's own conversion, as CSS Color 4 has them.
    [("#ff0000", 0.628, 0.258, 29.2), ("#0000ff", 0.452, 0.313, 264.1), ("#00ff00", 0.866, 0.295, 142.5)],
)
def test_a_colour_stands_where_the_published_conversion_puts_it(
    hex_colour: str, lightness: float, chroma: float, hue_degrees: float
) -> None:
    colour = oklch(hex_colour)
    assert colour.lightness == pytest.approx(lightness, abs=0.001)
    assert colour.chroma == pytest.approx(chroma, abs=0.001)
    assert colour.hue_degrees == pytest.approx(hue_degrees, abs=0.1)


def test_hues_are_compared_the_short_way_round() -> None:
    assert hue_distance(oklch("#ff0044"), oklch("#ff4400")) < 40


def test_what_is_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'red' is not a colour; write it like '#2f62b0'"):
        oklch("red")


def test_neutrals_go_with_all_and_clashing_hues_do_not() -> None:
    colours = load_taxonomy().names("colour")
    for neutral in ("black", "white", "grey", "navy", "beige"):
        assert is_neutral(neutral)
        assert all(harmony(neutral, other) > 0.7 for other in colours), neutral
    assert not is_neutral("red")
    assert harmony("red", "green") < harmony("red", "burgundy") < harmony("red", "white")
    assert harmony("blue", "blue") > harmony("blue", "purple") > harmony("orange", "purple")


def test_the_order_does_not_matter_and_an_unknown_colour_says_nothing() -> None:
    assert harmony("red", "teal") == harmony("teal", "red")
    assert harmony("red", "plaid of the clan") == harmony("", "red") == 0.5


def test_colours_that_go_well_are_picked_out() -> None:
    assert harmonious("red", ("white", "green", "navy", "red")) == ("white", "navy", "red")
