"""Rules as files: the same rules out and in, bad rows told, good rows kept."""

import pytest

from env.errors import RuleError
from tools.rule_data import read_rule
from tools.rule_files import Form, export_rules, import_rules
from tools.synonyms import Synonyms, without_phrases

RULES = [
    read_rule({"id": "a", "kind": "pin", "skus": ["=A-1"], "match": "exact", "words": ["red, dress", "+1"],
               "place": 3, "is_sponsored": True, "starts": "2026-12-01", "ends": "2026-12-24", "visitors": "new",
               "language": "de"}),
    read_rule({"id": "b", "kind": "boost", "conditions": ["brand=Birch & Co", "price_max=30"], "factor": 1.5}),
    read_rule({"id": "c", "kind": "synonym", "way": "never", "terms": ["trainers"], "others": ["sneakers"]}),
    read_rule({"id": "d", "kind": "redirect", "match": "exact", "words": ["sommer"], "skus": ["A"], "name": "Grüße"}),
    read_rule({"id": "e", "kind": "hide", "skus": ["A", "B"], "is_design": True, "note": "recalled"}),
]  # fmt: skip


@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_an_export_reads_back_as_the_same_rules(form: Form) -> None:
    found = import_rules(export_rules(RULES, form).encode(), form)
    assert (list(found.rules), found.rejected) == (RULES, ())


def test_bad_rows_are_told_with_their_place_and_the_good_ones_stand() -> None:
    data = (
        "kind,skus,place,match,words\npin,A-1,1,exact,belt\npin,A-1 | A-2,1,exact,belt\npin,A-1,99,,\nstick,A-1,1,,\n"
        "pin,A-1,1,any,belt\nhide,A-1,,,\n"
    )
    found = import_rules(data.encode(), "csv")
    assert [rule.kind for rule in found.rules] == ["pin", "hide"]
    assert [(bad.row, bad.why.split(":")[0]) for bad in found.rejected] == [
        (2, "skus"), (3, "place '99'"), (4, "kind 'stick'"), (5, "match"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"a: [", "no YAML"),
        (b"just words", "no list of rules"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(data: bytes, told: str) -> None:
    with pytest.raises(RuleError, match=told):
        import_rules(data, "yaml")


def test_a_row_that_is_no_mapping_is_a_bad_row() -> None:
    found = import_rules(b"rules: [1, {kind: hide, skus: [A]}]", "yaml")
    assert (len(found.rules), [bad.row for bad in found.rejected]) == (1, [1])


def test_words_are_replaced_once_so_that_a_circle_does_no_harm() -> None:
    there = read_rule({"id": "1", "kind": "synonym", "way": "replace", "terms": ["kicks"], "others": ["trainers"]})
    back = read_rule({"id": "2", "kind": "synonym", "way": "replace", "terms": ["trainers"], "others": ["kicks"]})
    words = Synonyms((there, back))
    assert words.heard("Kicks and red trainers!", lambda _: True) == "trainers and red kicks!"


def test_the_longest_words_are_replaced_first_and_whole_words_only() -> None:
    rules = (
        read_rule({"id": "1", "kind": "synonym", "way": "replace", "terms": ["boot"], "others": ["shoe"]}),
        read_rule({"id": "2", "kind": "synonym", "way": "replace", "terms": ["rain boot"], "others": ["wellington"]}),
    )
    assert Synonyms(rules).heard("rain boots, boots, bootleg", lambda _: True) == "wellington, shoe, bootleg"


def test_a_search_is_widened_by_equals_one_way_or_both() -> None:
    both = read_rule({"id": "1", "kind": "synonym", "terms": ["jumper", "sweater"]})
    one = read_rule({"id": "2", "kind": "synonym", "way": "one_way", "terms": ["knitwear"], "others": ["cardigan"]})
    words = Synonyms((both, one))
    assert words.widened("a red sweater") == "a red sweater jumper"
    assert words.widened("knitwear") == "knitwear cardigan"
    assert words.widened("cardigan") == "cardigan"
    assert words.widened("sweater or jumper") == "sweater or jumper"


def test_of_two_rules_on_one_pair_the_first_decides() -> None:
    same = read_rule({"id": "1", "kind": "synonym", "terms": ["jumper", "sweater"]})
    never = read_rule({"id": "2", "kind": "synonym", "way": "never", "terms": ["jumper"], "others": ["sweater"]})
    assert Synonyms((never, same)).widened("sweater") == "sweater"
    assert Synonyms((same, never)).widened("sweater") == "sweater jumper"
    assert Synonyms((never,)).are_apart("Sweaters", "jumper")


def test_phrases_are_taken_out_whole() -> None:
    assert without_phrases("The Summer Sale, in red", ["summer sale"]) == "The , in red"
