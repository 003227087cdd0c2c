"""Look-alikes of a photo keep to its kind, as far as that outweighs the likeness itself."""

import pytest

from tools.item import Item
from tools.likeness import same_kind_first
from tools.query import Hit


def hits(*told: tuple[str, float]) -> list[Hit]:
    """One hit for each category and score; the SKU tells its place."""
    return [Hit(Item(str(place), "Item", category), score) for place, (category, score) in enumerate(told)]


def order(found: list[Hit]) -> str:
    return "".join(hit.item.sku for hit in found)


NEAR = hits(("Belt", 0.90), ("Dress", 0.89), ("Dress", 0.88), ("Dress", 0.87), ("Belt", 0.60))


def test_the_kind_of_most_of_the_nearest_comes_first() -> None:
    assert order(same_kind_first(NEAR, 1.0)) == "12304"


def test_the_less_the_photo_counts_the_less_its_kind_does() -> None:
    assert order(same_kind_first(NEAR, 0.0)) == "01234"
    assert order(same_kind_first(NEAR, 0.1)) == "01234"


def test_a_known_kind_needs_no_vote() -> None:
    assert order(same_kind_first(NEAR, 1.0, "Belt")) == "01234"
    assert order(same_kind_first(NEAR, 1.0, "Dress")) == "12304"


def test_a_picture_that_is_the_photo_itself_stays_first() -> None:
    own = hits(("Belt", 1.0), ("Dress", 0.8), ("Dress", 0.8), ("Dress", 0.8))
    assert order(same_kind_first(own, 1.0)) == "0123"


def test_an_order_that_is_not_that_of_the_scores_is_kept_within_a_kind() -> None:
    fused = hits(("Dress", 0.5), ("Dress", 0.7), ("Dress", 0.6))
    assert order(same_kind_first(fused, 1.0)) == "012"


@pytest.mark.parametrize("kind", ["", "Belt"])
def test_nothing_found_stays_nothing(kind: str) -> None:
    assert same_kind_first([], 1.0, kind) == []
