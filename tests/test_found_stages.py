"""The stages of a turn: whole milliseconds that sum to the turn's own."""

from collections.abc import Mapping

import pytest

from agents.record import filters_from_json, filters_json
from app_pages.found import stages_ms
from tools.query import Filters


@pytest.mark.parametrize(
    ("timings_ms", "stages"),
    [
        (
            {"intent": 1.2, "retrieval": 20.6, "first_token": 22.0, "reply": 3.4, "total": 30.0},
            {"intent": 1, "retrieval": 21, "reply": 3, "other": 5},
        ),
        ({"intent": 0.5, "retrieval": 0.5, "total": 1.0}, {"intent": 1, "retrieval": 0}),
        ({"retrieval": 12.0, "total": 10.0}, {"retrieval": 12}),
        ({"retrieval": 12.3}, {"retrieval": 12}),
        ({}, {}),
    ],
)
def test_stages_sum_to_the_total_and_the_rest_is_other(timings_ms: Mapping[str, float], stages: dict[str, int]) -> None:
    found = stages_ms(timings_ms)
    assert found == stages
    if timings_ms.get("total", 0) >= sum(ms for name, ms in timings_ms.items() if name not in ("total", "first_token")):
        assert sum(found.values()) == round(timings_ms.get("total", 0))


def test_the_limits_of_a_turn_survive_a_reload() -> None:
    limits = Filters({"colour": ("red", "blue")}, {"material": ("leather",)}, 1_000, 5_000, "EUR", True, ("A", "B"))
    assert filters_from_json(filters_json(limits)) == limits
    assert filters_from_json({}) == Filters()
