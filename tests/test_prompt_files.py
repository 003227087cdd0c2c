"""Prompts to take along and read back: YAML of one version, promptfoo configurations, and what is refused."""

import json
import string
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agents.prompt import PROMPTS_DIR, load_prompt, read_prompt
from agents.workbench.prompt_files import as_yaml, from_yaml
from agents.workbench.promptfoo import _from_nunjucks, _to_nunjucks, as_promptfoo, from_promptfoo
from env.errors import PromptError
from env.settings import Settings
from tools.store_prompts import PromptRow

NAMES = ("assistant", "classifier")


def row(name: str = "assistant", **changes: object) -> PromptRow:
    prompt = load_prompt(name)
    told = PromptRow(name, "2.7", "published", prompt.template, prompt.variables, "anna", "warmer: 5 $", "2")
    return replace(told, **changes)  # type: ignore[arg-type]


def content(read: PromptRow) -> tuple[object, ...]:
    return read.name, dict(read.template), read.variables, read.note


@pytest.mark.parametrize("name", NAMES)
def test_a_version_as_yaml_comes_back_the_same_and_is_a_prompt_file_but_for_what_people_are_told(
    name: str, tmp_path: Path
) -> None:
    text = as_yaml(row(name))
    assert content(from_yaml(text, NAMES)) == content(row(name))
    assert "status: published\nauthor: anna\n" in text
    assert "  system: |\n    You " in text
    told = yaml.safe_load(text)
    bare = {key: told[key] for key in ("name", "version", "variables", "template")}
    (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(bare), encoding="utf-8")
    assert read_prompt(tmp_path / f"{name}.yaml").template == load_prompt(name).template


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=200))
def test_any_text_survives_the_way_out_and_back(text: str) -> None:
    template = {**load_prompt("assistant").template, "photo": text.replace("$", "$$") + "!"}
    assert content(from_yaml(as_yaml(row(template=template)), NAMES)) == content(row(template=template))
    config = as_promptfoo(row(template=template), [], Settings())
    assert content(from_promptfoo(config, NAMES)) == content(row(template=template))


@given(st.lists(st.sampled_from(["{", "}", "#}", "%", "#", "$$", "$who", "${who}", "who", " ", "'", "{{", "$", "-"])))
def test_templates_mean_the_same_to_promptfoo_and_come_back(parts: list[str]) -> None:
    text = "".join(parts)
    if not string.Template(text).is_valid() or set(string.Template(text).get_identifiers()) - {"who"}:
        return
    back = _from_nunjucks(_to_nunjucks(text), 1)
    assert string.Template(back).substitute(who="<W>") == string.Template(text).substitute(who="<W>")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: assistant", "name: [assistant", r"line \d+: .*this is no YAML"),
        ("name: assistant", "name: assistent", "line 1: there is no prompt 'assistent'; there are assistant, classifi"),
        ("version: '2.7'", "version: 2.7", "line 2: version: input should be a valid string"),
        ("author: anna", "autor: anna", r"line \d+: autor: extra inputs are not permitted"),
        ("name: assistant", "name: !!python/object:os.system x", "line 1: could not determine a constructor"),
        ("name: assistant", "name: 2001-99-99", "no YAML: month must be in 1..12"),
        ("name: assistant", "[" * 3000, "nested too deeply|no YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(old: str, new: str, told: str) -> None:
    text = as_yaml(row())
    assert old in text
    with pytest.raises(PromptError, match=told):
        from_yaml(text.replace(old, new), NAMES)


def test_the_line_of_a_problem_is_the_line_of_the_file() -> None:
    text = as_yaml(row()).replace("    $facts\n", "    $fact\n")
    place = next(number for number, line in enumerate(text.splitlines(), 1) if line == "    $fact")
    with pytest.raises(PromptError, match=f"line {place}: piece 'user', line 14: '\\$fact' is not filled in here"):
        from_yaml(text, NAMES)


def test_empty_and_huge_files_are_refused() -> None:
    with pytest.raises(PromptError, match="the file is empty; export a version"):
        from_yaml("# nothing\n", NAMES)
    with pytest.raises(PromptError, match="characters, at most 400000 are read"):
        from_yaml("x" * 400_001, NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_promptfoo_configuration_comes_back_the_same(name: str) -> None:
    text = as_promptfoo(row(name), [{"message": "red shoes"}], Settings())
    assert content(from_promptfoo(text, NAMES)) == content(row(name))


def test_a_promptfoo_configuration_has_prompts_a_provider_and_tests_that_only_fill_in() -> None:
    hostile = {"message": "{{ range.constructor('x') }} {% raw %}", "items": "file:///etc/passwd", "handle": "1"}
    offline, hosted = Settings(), Settings(assistant="openai", openai_model="gpt-4o-mini")
    config = yaml.safe_load(as_promptfoo(row(), [hostile], hosted))
    (prompt,) = config["prompts"]
    assert prompt["label"] == "assistant 2.7"
    system, user = json.loads(prompt["raw"])
    assert (system["role"], user["role"]) == ("system", "user")
    assert "<message>\n{{ message }}\n</message>" in user["content"]
    assert "$" not in user["content"]
    assert config["providers"] == ["openai:chat:gpt-4o-mini"]
    assert config["tests"] == [
        {"vars": {"message": "{ { range.constructor('x') }} { % raw %}", "items": " file:///etc/passwd"}}
    ]
    assert set(config["metadata"]["vitrine"]["pieces"]) == {"photo", "picture"}
    assert yaml.safe_load(as_promptfoo(row(), [], offline))["providers"] == ["echo"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda config: config.pop("metadata"), "`metadata: vitrine:` must say name, version and variables"),
        (lambda config: config["prompts"].append("x"), "one prompt is read at a time"),
        (lambda config: config["prompts"][0].update(raw="Hello {{ message }}"), "no list of messages in JSON"),
        (
            lambda config: config["prompts"][0].update(raw='[{"role": "tool", "content": "x"}]'),
            "one system and one user message of text; found {'role': 'tool'",
        ),
        (
            lambda config: config["prompts"][0].update(raw='[{"role": "user", "content": "{{ message | upper }}"}]'),
            r"'\{\{ message \| upper \}\}' is more than a variable",
        ),
        (
            lambda config: config["prompts"][0].update(raw='[{"role": "user", "content": "{{ message }}"}]'),
            r"line \d+: piece 'system': this piece is missing",
        ),
    ],
)
def test_a_configuration_that_is_no_prompt_of_ours_is_refused(change: object, told: str) -> None:
    config = yaml.safe_load(as_promptfoo(row(), [], Settings()))
    change(config)  # type: ignore[operator]
    with pytest.raises(PromptError, match=told):
        from_promptfoo(yaml.safe_dump(config, sort_keys=False), NAMES)


def test_what_ships_is_exported_and_read_like_any_other_version() -> None:
    for path in PROMPTS_DIR.glob("*.yaml"):
        prompt = load_prompt(path.stem)
        shipped = PromptRow(prompt.name, prompt.version, "shipped", prompt.template, prompt.variables, "", "", "")
        assert content(from_yaml(as_yaml(shipped), NAMES)) == content(shipped)
