"""Versions of prompts in words, for the command line."""

import json

from agents.asking import printable
from agents.workbench.prompt_diff import Line
from agents.workbench.soundness import check
from tools.store_prompts import Change, PromptRow


def row_line(row: PromptRow, is_on: bool) -> str:
    """One version, with a star where it is in force."""
    when = f"{row.created_at:%Y-%m-%d %H:%M}" if row.created_at else " " * 16
    n_problems = len(check(row.name, row.template, row.variables))
    wrong = f"  ({n_problems} to mend)" if n_problems else ""
    star = "*" if is_on else " "
    return printable(
        f"{star} {row.name:<11} {row.version:<8} {row.status:<9} {when}  {row.author}{wrong}  {row.note}"
    ).rstrip()


def row_json(row: PromptRow, is_on: bool) -> str:
    """One version as a JSON object."""
    told = {
        "name": row.name, "version": row.version, "status": row.status, "is_in_force": is_on, "author": row.author,
        "note": row.note, "parent": row.parent, "created_at": row.created_at and row.created_at.isoformat(),
        "problems": [str(problem) for problem in check(row.name, row.template, row.variables)],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def diff_line(line: Line) -> str:
    """One line of a comparison, with a sign, and signs around the words that changed in it."""
    sign, marks = {"same": (" ", ("", "")), "removed": ("-", ("[-", "-]")), "added": ("+", ("{+", "+}"))}[line.kind]
    is_whole = all(span.is_changed for span in line.spans)
    words = (
        f"{marks[0]}{span.text}{marks[1]}" if span.is_changed and not is_whole else span.text for span in line.spans
    )
    return printable(f"{sign} {''.join(words)}")


def change_line(change: Change) -> str:
    """One change of what is in force."""
    moved = f"{change.kind}: {change.from_version} -> {change.to_version}"
    return printable(f"{change.created_at:%Y-%m-%d %H:%M}  {change.author}  {moved}  {change.note}").rstrip()
