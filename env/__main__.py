"""`python -m env check`: the settings in force, and whether what they name is there."""

import sys

import typer
from pydantic import SecretStr
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from env.check import run_checks
from env.errors import VitrineError
from env.logs import configure_logging
from env.settings import Settings, load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="The surroundings.")


@app.callback()
def _only_named_commands() -> None:
    """Keeps `check` a word to be written."""


@app.command()
def check() -> None:
    """Print the settings in force (secrets hidden) and test database, checkpoint and chat model."""
    settings = load_settings()
    configure_logging(settings)
    console = Console(soft_wrap=True)
    console.print(settings_table(settings))
    console.print()
    all_well = True
    for checked in run_checks(settings):
        all_well = all_well and checked.is_well
        mark = "[green]ok  [/]" if checked.is_well else "[red]FAIL[/]"
        console.print(f"{mark}  [bold]{checked.what}[/]  {escape(checked.seen)}", highlight=False)
    if not all_well:
        raise typer.Exit(1)


def settings_table(settings: Settings) -> Table:
    """Every setting, its value (of a secret only whether it is set), and whether that is the default."""
    table = Table("Setting", "Value", "", box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        is_default = value == field.default
        if isinstance(value, SecretStr):
            shown = "set, hidden" if value.get_secret_value() else "not set"
        else:
            shown = str(value)
        table.add_row(name.upper(), escape(shown), "[dim]default[/]" if is_default else "[bold]set[/]")
    return table


def main() -> None:
    """Run the command; anything that can be explained is one line on stderr."""
    try:
        app()
    except VitrineError as error:
        typer.echo(f"vitrine: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
