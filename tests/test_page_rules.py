"""The rules page: the first rule taught, written, seen before and after, undone; and who may not open it."""

import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from tests.test_page import drawn

_PAGE = "from app_pages.rules_page import draw_rules; draw_rules()"


@pytest.fixture
def page(surroundings: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page of a shop without rules; those written are gone again afterwards."""
    from app_pages.resources import desk
    from env.roles import EVERYTHING
    from tools.rule_editing import RuleDesk
    from tools.store_rules import RuleStore

    yield AppTest.from_string(_PAGE, default_timeout=120).run()
    rules = RuleDesk(RuleStore(desk().shop.database))
    if rules.store.newest().rules:
        rules.restore(EVERYTHING, 0)


def test_the_first_rule_is_taught_written_seen_and_undone(page: AppTest) -> None:
    assert not page.exception
    assert "No rules yet" in drawn(page)
    page.button(key="rule-first").click().run()
    assert page.button(key="rule-save-it").disabled
    assert "Not whole yet" in drawn(page)
    page.text_input(key="r1-skus-0").set_value("A-044")
    page.text_area(key="r1-words").set_value("<b>belts</b>").run()
    page.text_area(key="r1-words").set_value("belts").run()
    html = drawn(page)
    assert "Pin A-044 at place 1 for “belts”." in html
    assert "With them" in html
    assert re.search(r"A-044", html.split("With them")[1].split("</li>")[0])

    page.button(key="rule-save-it").click().run()
    assert "Saved: pin A-044 at place 1" in drawn(page)
    assert "v-active" in drawn(page)
    page.segmented_control(key="rules-view").set_value("History").run()
    page.button(key="rules-undo").click().run()
    assert "Undone. 0 rules hold now" in drawn(page)
    page.segmented_control(key="rules-view").set_value("Rules").run()
    assert "No rules yet" in drawn(page)


def test_conflicts_are_told_as_one_types_and_a_file_shows_its_bad_rows(page: AppTest) -> None:
    page.segmented_control(key="rules-view").set_value("Files").run()
    data = "kind,skus,id,name,note\nhide,A-044,hidden,,<script>\nstick,A-1,,,\n"
    page.file_uploader(key="rules-file").upload("rules.csv", data.encode(), "text/csv").run()
    assert "1 new, 0 changed, 0 as they are, 1 left out." in drawn(page)
    assert "Row 2: Kind &#x27;stick&#x27;" in drawn(page)
    page.button(key="rules-import").click().run()
    page.segmented_control(key="rules-view").set_value("Rules").run()
    assert "<script>" not in drawn(page)

    page.button(key="new-pin").click().run()
    page.text_input(key="r1-skus-0").set_value("A-044")
    page.text_area(key="r1-words").set_value("belts").run()
    assert "Rule hidden hides this item, and hiding always wins: it will not be shown." in drawn(page)
    assert not page.exception


def test_the_list_is_narrowed_by_words_kind_and_state(page: AppTest) -> None:
    page.segmented_control(key="rules-view").set_value("Files").run()
    data = (
        "rules:\n- {id: a, kind: hide, skus: [GONE-1]}\n"
        "- {id: b, kind: pin, skus: [A-044], match: exact, words: [belt]}\n"
        "- {id: c, kind: hide, skus: [A-001], starts: 2099-01-01}\n"
    )
    page.file_uploader(key="rules-file").upload("rules.yaml", data.encode(), "text/yaml").run()
    page.button(key="rules-import").click().run()
    page.segmented_control(key="rules-view").set_value("Rules").run()
    shown = [button.key for button in page.button if str(button.key).startswith("rule-edit-")]
    assert shown == ["rule-edit-c", "rule-edit-b", "rule-edit-a"]
    assert "&#x27;GONE-1&#x27; has left the catalogue." in drawn(page)
    for key, value, left in (("rules-state", "planned", "rule-edit-c"), ("rules-state", "broken", "rule-edit-a")):
        page.selectbox(key=key).set_value(value).run()
        assert [button.key for button in page.button if str(button.key).startswith("rule-edit-")] == [left]
    page.selectbox(key="rules-state").set_value("all")
    page.text_input(key="rules-find").set_value("belts").run()
    assert [button.key for button in page.button if str(button.key).startswith("rule-edit-")] == ["rule-edit-b"]
    page.button(key="rule-remove-b").click().run()
    assert "Removed: pin A-044" in drawn(page)


def test_a_shopper_may_not_open_it(surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("ACCESS", "public")
    page = AppTest.from_string(_PAGE, default_timeout=120).run()
    assert len(page.exception) == 1
    assert not page.button
    assert "v-desk" not in drawn(page)
