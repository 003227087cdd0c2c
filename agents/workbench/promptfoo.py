"""Prompts as a promptfoo configuration (promptfoo.dev/docs/configuration/reference), and read back from one.

promptfoo fills Nunjucks templates, `{{ name }}` where a prompt of ours says `$name`. A chat is a list of messages in
JSON: promptfoo then fills each string on its own, so that no value can break out of it. What promptfoo has no place
for, the pieces beside the two messages and where the version comes from, travels under `metadata`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from agents.prompt_check import used_in
from agents.workbench.prompt_files import as_mapping, check_lines, dumped, node_at, read_file
from env.errors import PromptError
from env.settings import Settings
from tools.store_prompts import PromptRow

FILE_NAME = "promptfooconfig.yaml"
_SCHEMA = "# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json\n"
_MESSAGES = ("system", "user")
_OURS = re.compile(r"\$(?:(\$)|\{([a-z_]\w*)\}|([a-z_]\w*))|(\{(?:[{%#]|(?=\$))|#\})", re.ASCII | re.IGNORECASE)
_THEIRS = re.compile(
    r"\{\{ '(\{[{%#]?|#\})' \}\}|\{\{\s*([a-z_]\w*)\s*\}\}(\w?)|(\$)|(\{[{%#][^\n]{0,40})", re.ASCII | re.IGNORECASE
)
# A value is data: it is no template, and names no file, script or package that promptfoo would open.
_OPENED = re.compile(r"file://|package:|https?://")


def as_promptfoo(row: PromptRow, values: Sequence[Mapping[str, str]], settings: Settings) -> str:
    """One version as a configuration; each of `values` (variable to text) is a test.

    The provider is the model that the settings name for it, else promptfoo's `echo`, which answers with the prompt.
    """
    messages = [
        {"role": piece, "content": _to_nunjucks(row.template[piece])} for piece in _MESSAGES if piece in row.template
    ]
    raw = json.dumps(messages, ensure_ascii=False, indent=1)
    used = {name for piece in _MESSAGES for name in used_in(row.template.get(piece, ""))}
    return _SCHEMA + dumped(
        {
            "description": f"Vitrine's {row.name} prompt, version {row.version}",
            "prompts": [{"id": _label(row), "label": _label(row), "raw": raw}],
            "providers": [provider_of(row.name, settings)],
            "tests": [{"vars": {name: _safe(text) for name, text in each.items() if name in used}} for each in values],
            "metadata": {"vitrine": _metadata(row)},
        }
    )


def is_promptfoo(text: str) -> bool:
    """Whether a text looks like a configuration rather than like one version."""
    return re.search(r"^prompts:", text, re.MULTILINE) is not None


def provider_of(name: str, settings: Settings) -> str:
    """What promptfoo calls the model that the settings name for this prompt."""
    backend = settings.classifier if name == "classifier" else settings.assistant
    models = {
        "gemini": f"google:{settings.gemini_model}",
        "vertexai": f"vertex:{settings.gemini_model}",
        "openai": f"openai:chat:{settings.openai_model}",
        "ollama": f"ollama:chat:{settings.ollama_model}",
    }
    return models.get(backend, "echo")


def from_promptfoo(text: str, names: Sequence[str]) -> PromptRow:
    """The version that a configuration of ours holds, with what was changed in its messages since.

    Raises:
        PromptError: it cannot be read, does not hold one prompt, or that is not sound; with line and reason.
    """
    root, content = read_file(text)
    loaded = as_mapping(content)
    told = _told(loaded, root)
    prompts = loaded.get("prompts")
    raw = prompts[0] if isinstance(prompts, list) and len(prompts) == 1 else None
    raw = as_mapping(raw).get("raw", raw)
    line = node_at(root, ("prompts", 0, "raw")).start_mark.line + 1
    if not isinstance(raw, str):
        raise PromptError(f"line {line}: one prompt is read at a time; give `prompts` one entry with a text in it")
    if told.name not in names:
        raise PromptError(f"line {line}: there is no prompt {told.name!r}; there are {', '.join(names)}")
    template = {**_messages(raw, line), **told.pieces}
    order = [*_MESSAGES, *told.pieces]
    template = {piece: template[piece] for piece in order if piece in template}
    used = dict.fromkeys(name for piece in template.values() for name in used_in(piece))
    variables = (*(name for name in told.variables if name in used), *(n for n in used if n not in told.variables))
    found = PromptRow(told.name, told.version, "draft", template, variables, told.author, told.note, told.version)
    check_lines(found, root, ("prompts", 0, "raw"))
    return found


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    version: str
    variables: list[str]
    pieces: dict[str, str] = {}
    author: str = ""
    note: str = ""


def _told(loaded: Mapping[str, Any], root: yaml.Node) -> _Told:
    """What stands under `metadata`."""
    try:
        return _Told.model_validate(as_mapping(loaded.get("metadata")).get("vitrine"))
    except ValidationError as error:
        line = node_at(root, ("metadata", "vitrine")).start_mark.line + 1
        raise PromptError(
            f"line {line}: `metadata: vitrine:` must say name, version and variables; without it nobody knows which"
            " prompt of the shop this is (export one to see it)"
        ) from error


def _messages(raw: str, line: int) -> dict[str, str]:
    """The pieces of a list of messages; a text that is no JSON is a user message alone."""
    try:
        messages = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise PromptError(f"line {line}: the prompt is no list of messages in JSON: {error}") from error
    found: dict[str, str] = {}
    for message in messages if isinstance(messages, list) else [messages]:
        role, content = as_mapping(message).get("role"), as_mapping(message).get("content")
        if role not in _MESSAGES or role in found or not isinstance(content, str):
            raise PromptError(
                f"line {line}: a prompt is one system and one user message of text; found {message!r:.80}"
            )
        found[role] = _from_nunjucks(content, line)
    return found


def _metadata(row: PromptRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "version": row.version,
        "variables": list(row.variables),
        "pieces": {piece: text for piece, text in row.template.items() if piece not in _MESSAGES},
        "status": row.status,
        "author": row.author,
        "note": row.note,
    }


def _label(row: PromptRow) -> str:
    return f"{row.name} {row.version}"


def _to_nunjucks(text: str) -> str:
    def written(match: re.Match[str]) -> str:
        dollar, braced, named, bracket = match.groups()
        if bracket:
            return f"{{{{ '{bracket}' }}}}"
        return "$" if dollar else f"{{{{ {braced or named} }}}}"

    return _OURS.sub(written, text)


def _from_nunjucks(text: str, line: int) -> str:
    def read(match: re.Match[str]) -> str:
        bracket, name, behind, dollar, foreign = match.groups()
        if foreign:
            raise PromptError(f"line {line}: {foreign!r} is more than a variable; only {{{{name}}}} can be taken over")
        if bracket or dollar:
            return bracket or "$$"
        return f"${{{name}}}{behind}" if behind else f"${name}"

    return _THEIRS.sub(read, text)


def _safe(value: str) -> str:
    """A value that promptfoo takes for nothing but words."""
    apart = re.sub(r"\{(?=[{%#])", "{ ", value)
    return f" {apart}" if _OPENED.match(apart) else apart
