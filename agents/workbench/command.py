"""`python -m agents workbench`: the prompt workbench without a page."""

from agents.workbench.prompts_command import prompts_app
from agents.workbench.runs_command import runs_app

workbench_app = runs_app
workbench_app.add_typer(prompts_app, name="prompts")
