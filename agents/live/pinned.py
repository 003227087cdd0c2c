"""What a version said when its comparison began: that is served until the comparison ends."""

from collections.abc import Mapping
from typing import Any

from agents.prompt import Prompt
from env.errors import ComparisonError


def content_of(prompt: Prompt) -> dict[str, Any]:
    """What a prompt says, to be stored."""
    return {"variables": list(prompt.variables), "template": dict(prompt.template)}


def pinned(name: str, version: str, content: Mapping[str, Any]) -> Prompt:
    """The prompt of a stored content.

    Raises:
        ComparisonError: the content is none.
    """
    try:
        return Prompt(name, version, tuple(content["variables"]), dict(content["template"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ComparisonError(f"what is stored of version {version!r} of prompt {name!r} is no prompt") from error
