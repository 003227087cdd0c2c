"""`python -m tools rules`: the merchandising rules from the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from env.errors import RuleError
from env.logs import configure_logging
from env.roles import EVERYTHING
from env.settings import load_settings
from tools.filter_words import parse_filters
from tools.occasion import Occasion, Visitor
from tools.preview import Preview, preview
from tools.query import Query
from tools.rule_checks import conflicts, state_of
from tools.rule_data import read_rule, rule_json
from tools.rule_editing import RuleDesk
from tools.rule_files import Form, export_rules, import_rules
from tools.rule_words import rule_words
from tools.shop import Shop, open_shop
from tools.store_rules import RuleStore

rules_app = typer.Typer(help="Merchandising rules: what the shop says about words, items and places.")
_FORMS: dict[str, Form] = {".yaml": "yaml", ".yml": "yaml", ".csv": "csv"}


@rules_app.command("list")
def list_rules(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array on stdout.")] = False,
) -> None:
    """All rules with how they stand today."""
    with _shop() as shop:
        rules = shop.catalog.rules
        stood = [(rule, *state_of(rule, rules, rules.today())) for rule in rules.rule_set.rules]
    if as_json:
        told = [rule_json(rule) | {"state": state, "problem": problem} for rule, state, problem in stood]
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    if not stood:
        typer.echo(
            "no rules yet; add one: python -m tools rules add 'kind: pin, skus: [SKU], match: exact, words: [belt]'"
        )
    table = _table("Id", "Rule", "State")
    for rule, state, problem in stood:
        table.add_row(rule.id, escape(rule_words(rule)), escape(f"{state}: {problem}" if problem else state))
    Console().print(table)


@rules_app.command()
def add(
    rule: Annotated[str, typer.Argument(help="A rule as YAML, with or without braces: 'kind: hide, skus: [A-001]'.")],
    note: Annotated[str, typer.Option(help="Why, for the history.")] = "",
) -> None:
    """Add a rule, or write over the one whose id it names."""
    written = read_rule(_fields(rule))
    with _shop() as shop:
        for warning in conflicts(written, shop.catalog.rules, shop.catalog.vocabulary()):
            typer.echo(f"note: {warning}", err=True)
        known = shop.catalog.rules.rule_set.rule(written.id) if written.id else None
        added = _desk(shop).put(EVERYTHING, written, seen=known, note=note)
    typer.echo(f"{added.id}: {rule_words(added)}")


@rules_app.command()
def remove(rule_id: Annotated[str, typer.Argument(help="The id that `list` shows.")]) -> None:
    """Take a rule out; `undo` brings it back."""
    with _shop() as shop:
        removed = _desk(shop).remove(EVERYTHING, rule_id)
    typer.echo(f"removed: {rule_words(removed)}; `python -m tools rules undo` brings it back")


@rules_app.command()
def undo(
    version: Annotated[int | None, typer.Option(help="Go back to this version instead; 0 is no rules.")] = None,
) -> None:
    """Take the last change back; again, the one before it."""
    with _shop() as shop:
        desk = _desk(shop)
        now = desk.undo(EVERYTHING) if version is None else desk.restore(EVERYTHING, version)
    typer.echo(f"version {now.version}: {len(now.rules)} rules")


@rules_app.command()
def history() -> None:
    """Every version with who wrote it, when and why."""
    with _shop() as shop:
        rows = RuleStore(shop.database).history()
    table = _table("Version", "When", "Who", "What", "Rules")
    for row in rows:
        when = row.created_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(str(row.version), when, escape(row.who), escape(row.note), str(row.n_rules))
    Console().print(table)


@rules_app.command("preview")
def preview_rules(
    text: Annotated[str, typer.Argument(help="What a shopper looks for.")] = "",
    filter_: Annotated[list[str] | None, typer.Option("--filter", help="NAME=VALUE, as for `search`.")] = None,
    on: Annotated[str, typer.Option(help="On this day (2026-12-24), instead of today.")] = "",
    returning: Annotated[bool | None, typer.Option(help="For a returning or a new shopper.")] = None,
    language: Annotated[str, typer.Option(help="For a message in this language.")] = "",
) -> None:
    """The same search without and with the rules, and what each rule did."""
    with _shop() as shop:
        filters = parse_filters(filter_ or [], shop.catalog.vocabulary(), shop.settings.currency)
        rules = shop.catalog.rules
        occasion = Occasion((text,) if text else (), Visitor(returning, language), _noon(on, shop))
        _draw(preview(shop.catalog, Query(text=text, filters=filters), rules.rule_set, occasion))


@rules_app.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="A new .yaml or .csv file.")],
) -> None:
    """Write all rules into a file."""
    with _shop() as shop:
        rules = shop.catalog.rules.rule_set.rules
    try:
        file.write_text(export_rules(rules, _form(file)), encoding="utf-8")
    except OSError as error:
        raise RuleError(f"cannot write {str(file)!r}: {error.strerror}; name a writable file") from error
    typer.echo(f"{len(rules)} rules written to {file}")


@rules_app.command("import")
def import_command(file: Annotated[Path, typer.Argument(help="A .yaml or .csv file.")]) -> None:
    """Add the rules of a file as one version; those of a known id are written over. Bad rows are told and left out."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RuleError(f"cannot read {str(file)!r}: {error.strerror}; name a readable file") from error
    found = import_rules(data, _form(file))
    for bad in found.rejected:
        typer.echo(f"row {bad.row}: {bad.why}", err=True)
    n_changed = 0
    if found.rules:
        with _shop() as shop:
            n_changed = _desk(shop).put_all(EVERYTHING, found.rules, f"imported from {file.name}")
    typer.echo(f"{n_changed} rules new or changed, {len(found.rejected)} rows left out")


def _shop() -> Shop:
    settings = load_settings()
    configure_logging(settings)
    return open_shop(settings)


def _desk(shop: Shop) -> RuleDesk:
    return RuleDesk(RuleStore(shop.database))


def _fields(text: str) -> Any:
    try:
        return yaml.safe_load(text if text.lstrip().startswith("{") or "\n" in text else f"{{{text}}}")
    except yaml.YAMLError as error:
        raise RuleError(f"{text!r} is no YAML; write it like 'kind: hide, skus: [A-001]'") from error


def _form(file: Path) -> Form:
    if file.suffix.lower() not in _FORMS:
        raise RuleError(f"{file.name!r} ends in neither .yaml nor .csv; rename it")
    return _FORMS[file.suffix.lower()]


def _noon(day: str, shop: Shop) -> datetime | None:
    if not day:
        return None
    try:
        noon = datetime.strptime(f"{day} 12", "%Y-%m-%d %H").replace(tzinfo=shop.catalog.rules.zone)
    except ValueError as error:
        raise RuleError(f"{day!r} is no day; write it like 2026-12-24") from error
    return noon.astimezone(UTC)


def _draw(seen: Preview) -> None:
    table = _table("", "Moved", "SKU", "Title", "Why")
    for moved in seen.moved:
        item = moved.hit.item
        table.add_row(str(moved.place), moved.words, escape(item.sku), escape(item.title), escape(moved.hit.why))
    for hit in seen.gone:
        table.add_row("", "gone", escape(hit.item.sku), escape(hit.item.title), "")
    console = Console()
    console.print(table)
    for rule in seen.part:
        console.print(escape(f"holds: {rule.id} {rule_words(rule)}"), soft_wrap=True)
    for lost in seen.lost:
        console.print(escape(f"does nothing: {lost.rule.id} {rule_words(lost.rule)}: {lost.why}"), soft_wrap=True)
    if not seen.part and not seen.lost:
        console.print("no rule is about this search")


def _table(*heads: str) -> Table:
    return Table(*heads, box=None, header_style="bold", padding=(0, 2, 0, 0))
