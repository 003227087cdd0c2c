"""What two variants did unlike in one case, with signs beside the colours."""

from collections.abc import Sequence
from typing import Any

from agents.workbench.case_diff import CardMoved, case_difference
from agents.workbench.case_result import CaseResult
from agents.workbench.run_report import Played
from app_pages.wording import html_text


def case_html(played: Played, labels: Sequence[str]) -> str:
    """A case: each other variant beside the first."""
    first = played.results[0]
    blocks = [f"<p class='v-note'>Before it: {html_text(each.text)}</p>" for each in played.case.earlier]
    for label, result in zip(labels[1:], played.results[1:], strict=True):
        if result != first:
            blocks.append(f"<h4>{html_text(label)} beside {html_text(labels[0])}</h4>{_pair_html(first, result)}")
    return f'<div class="v-bench-case">{"".join(blocks)}</div>'


def _pair_html(before: CaseResult, after: CaseResult) -> str:
    found = case_difference(before, after)
    rows = [("Slots", "<br>".join(_slot(*slot) for slot in found.slots))]
    rows.append(("Cards", "<br>".join(_card(card) for card in found.cards)))
    rows.append(("Words", " ".join(_stretch(sign, text) for sign, text in found.words)))
    rows.append(("Broken before", _violations(before)))
    rows.append(("Broken now", _violations(after)))
    if after.said and after.said != after.reply and after.violations:
        rows.append(("As the model wrote it", html_text(after.said)))
    rows.append(("Failed", html_text(" ".join((*after.failures, after.error)))))
    rows.append(("Judge", _judged(before, after)))
    told = "".join(f"<dt>{name}</dt><dd>{html}</dd>" for name, html in rows if html.strip())
    return f"<dl>{told}</dl>"


def _slot(name: str, before: Any, after: Any) -> str:
    gone = f" <del>− {html_text(plain_value(before))}</del>" if before not in (None, [], {}) else ""
    new = f" <ins>+ {html_text(plain_value(after))}</ins>" if after not in (None, [], {}) else ""
    return f"{html_text(name.replace('_', ' '))}:{gone}{new}"


def plain_value(value: Any) -> str:
    """A slot's value in words."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {plain_value(inner)}" for name, inner in value.items())
    return ", ".join(plain_value(inner) for inner in value) if isinstance(value, list) else str(value)


def _card(card: CardMoved) -> str:
    title = html_text(card.title)
    if card.before is None:
        return f"<ins>+ {title}</ins>, now number {card.after}"
    if card.after is None:
        return f"<del>− {title}</del>, was number {card.before}"
    return f"{title}: number {card.before} → {card.after}"


def _stretch(sign: str, text: str) -> str:
    written = html_text(text)
    return {"gone": f"<del>− {written}</del>", "new": f"<ins>+ {written}</ins>"}.get(sign, written)


def _violations(result: CaseResult) -> str:
    return "<br>".join(f"{html_text(breach.kind)}: {html_text(breach.detail)}" for breach in result.violations)


def _judged(before: CaseResult, after: CaseResult) -> str:
    if before.judged is None and after.judged is None and not after.judged_why:
        return ""
    told = [f"{each.judged:.2f}" if each.judged is not None else "not judged" for each in (before, after)]
    return f"{told[0]} → {told[1]}. {html_text(after.judged_why)}"
