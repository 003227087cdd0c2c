"""How a turn came about: what was read, the limits that applied, counts, timings, and who did the work."""

from collections.abc import Iterator, Mapping

from agents.events import PartFound
from app_pages.turn_view import TurnView
from app_pages.wording import Wording, html_text
from tools.query import FACETS, Filters

# Times that are counted from the beginning of the turn, not lengths of a stage.
_NOT_STAGES = ("total", "first_token")


def found_html(view: TurnView, wording: Wording) -> str:
    """Everything there is to say about a finished turn, as one block of HTML."""
    if view.done is None or view.intent is None:
        return ""
    rows = [("Read as", view.intent.route.replace("_", " "))]
    if view.intent.text:
        rows.append(("Looked for", f"“{view.intent.text}”"))
    for part in view.evidence.parts if view.evidence else ():
        if limits := "; ".join(filter_words(part.filters, wording)):
            rows.append(("Limits", limits))
        rows.append(("Found", _count(part)))
    rows += [(stage.capitalize(), backend) for stage, backend in view.done.backends.items()]
    rows += [(f"Prompt “{name}”", version) for name, version in view.done.prompt_versions.items()]
    facts = "".join(f"<dt>{html_text(name)}</dt><dd>{html_text(value)}</dd>" for name, value in rows)
    return f'<div class="v-found"><dl>{facts}</dl>{_waterfall(view.done.timings_ms)}</div>'


def filter_words(filters: Filters, wording: Wording) -> Iterator[str]:
    """Each hard limit in words: "colour black or navy", "not leather", "at most €30"."""
    for name in FACETS:
        if values := filters.facets.get(name):
            yield f"{name.replace('_', ' ')} {' or '.join(_value(name, value, wording) for value in values)}"
    for name in FACETS:
        for value in filters.exclude.get(name, ()):
            yield f"not {_value(name, value, wording)}"
    if filters.price_min_cents is not None:
        yield f"at least {wording.limit(filters.price_min_cents, filters.currency)}"
    if filters.price_max_cents is not None:
        yield f"at most {wording.limit(filters.price_max_cents, filters.currency)}"
    if filters.in_stock:
        yield "in stock"
    if filters.exclude_skus:
        yield f"not the {len(filters.exclude_skus)} shown before"


def _value(facet: str, value: str, wording: Wording) -> str:
    return (wording.taxonomy.label(value) or value) if facet == "gender" else value


def _count(part: PartFound) -> str:
    items = "item" if part.n_matching == 1 else "items"
    return f"{part.n_matching} {items} within the limits, the best {len(part.hits)} shown"


def stages_ms(timings_ms: Mapping[str, float]) -> dict[str, int]:
    """Whole milliseconds by stage that sum to the turn's own: what no stage accounts for is "other".

    Rounded by largest remainder. Stages that claim more than the whole turn are told as they are.
    """
    stages = {stage: ms for stage, ms in timings_ms.items() if stage not in _NOT_STAGES}
    total_ms = round(max(timings_ms.get("total", 0.0), sum(stages.values())))
    stages["other"] = max(timings_ms.get("total", 0.0) - sum(stages.values()), 0.0)
    whole = {stage: int(ms) for stage, ms in stages.items()}
    by_remainder = sorted(stages, key=lambda stage: whole[stage] - stages[stage])
    for stage in by_remainder[: total_ms - sum(whole.values())]:
        whole[stage] += 1
    if not whole["other"]:
        del whole["other"]
    return whole


def _waterfall(timings_ms: Mapping[str, float]) -> str:
    """The stages one after another, each as long as it took."""
    stages = stages_ms(timings_ms)
    total_ms = sum(stages.values())
    if total_ms <= 0:
        return ""
    rows, start_ms = [], 0
    for stage, ms in stages.items():
        left, width = (100 * part / total_ms for part in (start_ms, ms))
        bar = f'<span style="margin-left:{min(left, 99):.1f}%;width:{max(min(width, 100 - left), 0.5):.1f}%"></span>'
        rows.append(f"<tr><th scope='row'>{html_text(stage)}</th><td>{bar}</td><td>{ms} ms</td></tr>")
        start_ms += ms
    rows.append(f"<tr><th scope='row'>in all</th><td></td><td>{total_ms} ms</td></tr>")
    if first_ms := timings_ms.get("first_token"):
        rows.append(f"<tr><th scope='row'>first word after</th><td></td><td>{first_ms:.0f} ms</td></tr>")
    return f'<table class="v-waterfall"><caption class="v-unseen">Time per stage</caption>{"".join(rows)}</table>'
