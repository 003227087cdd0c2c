"""Questions that ask for a judgement of a body, and replies that make one."""

import pytest

from agents.bodies import asks_about_body, remarks_on_body
from agents.checker import check, grounds_of
from agents.events import Evidence


@pytest.mark.parametrize(
    "question",
    [
        "am I too fat for this?",
        "does it hide my belly?",
        "would I look slim in it?",
        "is it flattering?",
        "does it suit my figure?",
    ],
)
def test_a_question_about_a_body_is_known(question: str) -> None:
    assert asks_about_body(question)


@pytest.mark.parametrize(
    "question",
    ["is it a slim fit?", "skinny jeans", "is the heel high?", "is it too expensive?", "does it fit size M?"],
)
def test_a_question_about_an_item_is_none(question: str) -> None:
    assert not asks_about_body(question)


def test_a_reply_loses_its_remark_on_a_body() -> None:
    reply = "The cut is straight and the sleeves are long. It hides your belly well. It is very flattering."
    checked = check(reply, grounds_of(Evidence(), "", "en_IE", ()))
    assert checked.text == "The cut is straight and the sleeves are long."
    assert set(checked.problems) == {"a remark on a body"}
    assert not remarks_on_body("Skinny jeans with a slim leg and a figure-hugging waist.")
