"""`python -m agents workbench`: the prompt workbench without a page."""

import typer

from agents.workbench.prompts_command import prompts_app

workbench_app = typer.Typer(help="The prompt workbench.", no_args_is_help=True)
workbench_app.add_typer(prompts_app, name="prompts")
