"""Whether a version of a prompt is fit to answer shoppers."""

from collections.abc import Mapping, Sequence

from agents.prompt import Prompt, load_prompt, shape_of
from agents.prompt_check import Problem, problems_of
from env.errors import PromptError
from tools.store_prompts import PromptRow


def check(name: str, template: Mapping[str, str], variables: Sequence[str]) -> tuple[Problem, ...]:
    """What is wrong with a version of a prompt that ships with the code; empty where it could be published."""
    return problems_of(template, variables, shape_of(load_prompt(name)))


def ready(row: PromptRow) -> Prompt:
    """A version as a prompt.

    Raises:
        PromptError: something is wrong with it; the text names all of it.
    """
    what = f"version {row.version!r} of prompt {row.name!r}"
    if not all(isinstance(text, str) for text in row.template.values()):
        raise PromptError(f"{what} is stored with a piece that is no text; retire it")
    problems = check(row.name, row.template, row.variables)
    if problems:
        raise PromptError(f"{what}: {'; '.join(map(str, problems))}")
    return Prompt(row.name, row.version, row.variables, dict(row.template), frozenset(load_prompt(row.name).variables))


def is_sound(row: PromptRow) -> bool:
    """Whether nothing is wrong with it."""
    try:
        ready(row)
    except PromptError:
        return False
    return True
