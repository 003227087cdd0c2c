"""Versions of prompts as YAML files: written to take along, and read back with the line of whatever is wrong."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from agents.workbench.soundness import check
from env.errors import PromptError
from tools.store_prompts import PromptRow

MAX_FILE_CHARS = 400_000


class _VersionFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    version: str
    variables: list[str]
    template: dict[str, str]
    # Told to people; a version that is read in is a draft of whoever reads it.
    status: str = ""
    author: str = ""
    note: str = ""
    parent: str = ""


_ODD_BREAK = re.compile("[\x85\u2028\u2029]")


class _Dumper(yaml.SafeDumper):
    """Texts of several lines are written as they are read."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # YAML's other ways to break a line are read back as plain ones, unless they are written as escapes.
    style = '"' if _ODD_BREAK.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dumped(content: object) -> str:
    """Plain data as YAML in its own order."""
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def as_yaml(row: PromptRow) -> str:
    """One version in the form of the files in agents/prompts, with its status, author and note."""
    told = {"status": row.status, "author": row.author, "note": row.note, "parent": row.parent}
    return dumped(
        {
            "name": row.name,
            "version": row.version,
            "variables": list(row.variables),
            "template": dict(row.template),
            **{key: value for key, value in told.items() if value},
        }
    )


def from_yaml(text: str, names: Sequence[str]) -> PromptRow:
    """A version to be added to the book. Its number there is a new one; where it comes from stays as its parent.

    Raises:
        PromptError: it cannot be read, is not one of the prompts `names`, or is not sound; with line and reason.
    """
    root, content = read_file(text)
    try:
        read = _VersionFile.model_validate(content)
    except ValidationError as error:
        raise PromptError(_first(error, root)) from error
    if read.name not in names:
        raise _refused(root, ("name",), f"there is no prompt {read.name!r}; there are {', '.join(names)}")
    found = PromptRow(
        read.name, read.version, "draft", read.template, tuple(read.variables), read.author, read.note, read.version
    )
    check_lines(found, root, ("template",))
    return found


def read_file(text: str) -> tuple[yaml.Node, object]:
    """The nodes of a YAML text, which know their lines, and what it holds as plain data.

    Raises:
        PromptError: it is too long, empty or no YAML.
    """
    if len(text) > MAX_FILE_CHARS:
        raise PromptError(f"the file has {len(text)} characters, at most {MAX_FILE_CHARS} are read")
    try:
        root, content = yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "the file"
        raise PromptError(f"{line}: {error.problem or error.context}; this is no YAML of a prompt") from error
    except (yaml.YAMLError, ValueError) as error:
        raise PromptError(f"the file is no YAML: {str(error).splitlines()[0]}") from error
    except RecursionError as error:
        raise PromptError("the file is nested too deeply to be a prompt") from error
    if root is None:
        raise PromptError("the file is empty; export a version to see what one looks like")
    return root, content


def check_lines(row: PromptRow, root: yaml.Node, template: tuple[str | int, ...]) -> None:
    """Refuse a version that is not sound, with the lines of the file in which its template stands at `template`."""
    told = []
    for problem in check(row.name, row.template, row.variables):
        place = (*template, problem.piece) if problem.piece in row.template else ("variables",)
        node = node_at(root, place)
        # The text of a block begins on the line after its mark.
        offset = problem.line if isinstance(node, yaml.ScalarNode) and node.style == "|" else 0
        told.append(f"line {node.start_mark.line + 1 + offset}: {problem}")
    if told:
        raise PromptError("; ".join(told))


def node_at(root: yaml.Node, path: Sequence[str | int]) -> yaml.Node:
    """The node at a path of keys and places, or the last one on the way that exists."""
    node = root
    for step in path:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
        if found is None:
            return node
        node = found
    return node


def _first(error: ValidationError, root: yaml.Node) -> str:
    first = error.errors()[0]
    where = ".".join(str(step) for step in first["loc"]) or "the file"
    line = node_at(root, [step for step in first["loc"] if isinstance(step, str | int)]).start_mark.line + 1
    return f"line {line}: {where}: {first['msg'].lower()}"


def _refused(root: yaml.Node, path: Sequence[str | int], reason: str) -> PromptError:
    return PromptError(f"line {node_at(root, path).start_mark.line + 1}: {reason}")


def as_mapping(value: Any) -> Mapping[str, Any]:
    """A mapping, or an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}
