"""A version in the editor of whoever sits at the command line."""

import click
import typer

from agents.workbench.prompt_files import from_yaml
from env.errors import PromptError
from tools.store_prompts import PromptRow


def edited(before: str, names: tuple[str, ...]) -> PromptRow | None:
    """What an editor makes of a text, None where it changed nothing. A text with a fault is opened again.

    Raises:
        PromptError: a fault was left in it all the same.
    """
    text = click.edit(before, extension=".yaml")
    while text is not None and text != before:
        try:
            return from_yaml(text, names)
        except PromptError as error:
            typer.echo(f"vitrine: {error}", err=True)
            if not typer.confirm("Edit it again? What you wrote is lost otherwise", default=True):
                raise
            text = click.edit(text, extension=".yaml")
    return None
