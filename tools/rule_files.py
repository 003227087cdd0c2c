"""Rules in files: YAML and CSV, out and in. A bad row is told with its place, and the good ones stand."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from env.errors import RuleError
from tools.rule_data import read_rule, rule_json
from tools.rules import Rule

Form = Literal["yaml", "csv"]
MAX_FILE_BYTES = 5 * 2**20
COLUMNS = (
    "id", "kind", "match", "words", "categories", "starts", "ends", "visitors", "language", "signed_in", "skus",
    "conditions", "is_design", "place", "is_sponsored", "factor", "way", "terms", "others", "name", "note",
)  # fmt: skip
_LISTS = frozenset({"words", "categories", "skus", "conditions", "terms", "others"})
_BETWEEN = " | "
# A spreadsheet takes a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is no rule: its place in the file, counted from 1, and why."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds."""

    rules: tuple[Rule, ...]
    rejected: tuple[Rejected, ...]


def export_rules(rules: Sequence[Rule], form: Form) -> str:
    """Rules as a file; `import_rules` reads the same rules out of it."""
    rows = [{name: value for name, value in rule_json(rule).items() if name != "number"} for rule in rules]
    if form == "yaml":
        return yaml.safe_dump({"rules": rows}, allow_unicode=True, sort_keys=False)
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS)
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return written.getvalue()


def import_rules(data: bytes, form: Form) -> Imported:
    """The rules of a file, and the rows that are none.

    Raises:
        RuleError: the file cannot be read at all.
    """
    if len(data) > MAX_FILE_BYTES:
        raise RuleError(f"the file has {len(data)} bytes, at most {MAX_FILE_BYTES} are read; split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleError("the file is not UTF-8; save it as UTF-8") from error
    rows = _yaml_rows(text) if form == "yaml" else _csv_rows(text)
    rules: list[Rule] = []
    rejected: list[Rejected] = []
    ids: set[str] = set()
    for place, row in enumerate(rows, 1):
        try:
            rule = read_rule(row)
            if rule.id and rule.id in ids:
                raise RuleError(f"id {rule.id!r} stands twice; leave it out for a new rule")
        except RuleError as error:
            rejected.append(Rejected(place, str(error)))
            continue
        ids.add(rule.id)
        rules.append(rule)
    return Imported(tuple(rules), tuple(rejected))


def _yaml_rows(text: str) -> list[Any]:
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RuleError(f"the file is no YAML: {' '.join(str(error).split())}") from error
    rows = raw.get("rules") if isinstance(raw, dict) else raw
    if not isinstance(rows, list):
        raise RuleError("the file holds no list of rules; write `rules:` with one entry each, as an export does")
    return rows


def _csv_rows(text: str) -> Iterator[Mapping[str, Any]]:
    table = csv.DictReader(io.StringIO(text))
    names = table.fieldnames or ()
    if "kind" not in names:
        raise RuleError(f"the first line names no column 'kind'; the columns are {', '.join(COLUMNS)}")
    for row in table:
        yield {name or "": _value(name or "", cell) for name, cell in row.items() if cell not in ("", None, [])}


def _value(name: str, cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    cell = cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell
    return [part.strip() for part in cell.split("|") if part.strip()] if name in _LISTS else cell


def _cell(value: object) -> str:
    text = _BETWEEN.join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
