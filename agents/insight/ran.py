"""Blocks about how the shop did: items, thumbs, times, cost, failures."""

import re
from collections import defaultdict
from collections.abc import Mapping

from agents.insight.block import Block, Row
from agents.insight.telling import counted, quoted, share_words, spell_ms
from agents.insight.wilson import wilson
from agents.pricing import Price, cost_of
from agents.scrub import scrubbed
from tools.insight import FailureCount, ItemCount, Pick, StageTime, ThumbCount, TokenCount

_ITEM_COLUMNS = ("item", "sku", "shown", "mean place", "expected", "chosen", "opened", "saved", "bag", "link")
# How a line for the page goes on after what failed.
_CONSEQUENCE = re.compile(r",? so this (?:message|reply) was .*$")
_REASON = re.compile(
    r" (?=did|takes|broke|refused|failed|answered|cannot|could|does|is|has|was|wants|said|sent|gave|knows)"
)


def unchosen_block(items: tuple[ItemCount, ...]) -> Block:
    """Items that are shown again and again, and nobody wants."""
    sentence = "Every item that was shown was chosen at least once, or none was shown yet."
    if items:
        first = items[0]
        sentence = (
            f"{quoted(first.title)} was shown {counted(first.n_shown, 'time')} at place {first.mean_place:.1f} on"
            f" average and never chosen; items on such places are chosen {first.n_expected:.1f} times in as many."
        )
    return Block("unchosen", "What is shown and never chosen?", sentence, _ITEM_COLUMNS, tuple(map(_item_row, items)))


def chosen_block(items: tuple[ItemCount, ...]) -> Block:
    """Items that are opened, saved, put into the bag or followed to their page."""
    sentence = "Nothing was chosen in this time: opening a card, saving it, the bag and its link count."
    if items:
        first = items[0]
        sentence = (
            f"{quoted(first.title)} was chosen most: in {first.n_chosen} of the {counted(first.n_shown, 'turn')} that"
            " showed it."
        )
    return Block("chosen", "What is chosen most?", sentence, _ITEM_COLUMNS, tuple(map(_item_row, items)))


def _item_row(item: ItemCount) -> Row:
    did = (item.n_chosen, item.n_open, item.n_save, item.n_cart, item.n_link)
    cells = (item.title, item.sku, item.n_shown, round(item.mean_place, 2), round(item.n_expected, 2), *did)
    return Row(cells, Pick("item", (item.sku,)))


def thumbs_block(thumbs: tuple[ThumbCount, ...]) -> Block:
    """Thumbs by who answered and with which prompts."""
    n_up, n_down = sum(one.n_up for one in thumbs), sum(one.n_down for one in thumbs)
    sentence = "No thumb was given in this time: shoppers find them below every answer."
    if n_up + n_down:
        share = wilson(n_up, n_up + n_down)
        sentence = (
            f"{n_up} of {counted(n_up + n_down, 'thumb')} point up: {100 * share.share:.0f} %; with so many thumbs"
            f" the true share lies between {100 * share.low:.0f} and {100 * share.high:.0f} %, 19 times of 20."
        )
    columns = ("answered by", "prompts", "messages", "up", "down", "up share", "low share", "high share")
    return Block("thumbs", "Do the answers please?", sentence, columns, tuple(map(_thumb_row, thumbs)))


def _thumb_row(one: ThumbCount) -> Row:
    n_judged = one.n_up + one.n_down
    share = wilson(one.n_up, n_judged)
    shares = (share.share, share.low, share.high) if n_judged else (None, None, None)
    cells = (one.writer or "nobody", one.versions or "none", one.n_turns, one.n_up, one.n_down, *shares)
    return Row(cells, Pick("workers", (f"{one.writer}; {one.versions}",)))


def times_block(times: tuple[StageTime, ...]) -> Block:
    """Times of each stage by day."""
    whole = [one for one in times if one.stage == "total"]
    sentence = "No time was measured yet."
    if whole:
        last = whole[-1]
        stages = [one for one in times if one.day == last.day and one.stage not in ("total", "first_token")]
        longest = max(stages, key=lambda one: one.p50_ms, default=None)
        most = f"; most of it went into the stage {longest.stage!r}" if longest else ""
        sentence = (
            f"On {last.day:%-d %B %Y} half of the answers took at most {spell_ms(last.p50_ms)}"
            f" and 19 of 20 at most {spell_ms(last.p95_ms)}{most}."
        )
    rows = [
        Row(
            (one.day, one.stage.replace("_", " "), one.n_turns, round(one.p50_ms, 1), round(one.p95_ms, 1)),
            Pick("slow", (one.day.isoformat(),)),
        )
        for one in sorted(times, key=lambda one: one.day, reverse=True)
    ]
    columns = ("day", "stage", "messages", "half within ms", "95 % within ms")
    return Block("times", "How long do answers take?", sentence, columns, tuple(rows))


def cost_block(tokens: tuple[TokenCount, ...], prices: Mapping[str, Price]) -> Block:
    """Tokens and cost of each model by day. What is not known is left empty, and said."""
    rows, known, n_unknown = [], 0.0, 0
    for one in tokens:
        n_told = one.n_turns - one.n_untold
        cost = cost_of(prices, one.model, one.n_in, one.n_out) if n_told else None
        known += cost or 0.0
        n_unknown += one.n_turns if cost is None else one.n_untold
        told = (one.n_in, one.n_out) if n_told else (None, None)
        cells = (one.day, one.model, one.n_turns, one.n_untold, *told, None if cost is None else round(cost, 6))
        rows.append(Row(cells, Pick("model", (one.model,))))
    sentence = "No model was asked in this time: everything was read and answered on this machine, which costs nothing."
    if tokens:
        sentence = _cost_words(sum(one.n_turns for one in tokens), n_unknown, known)
    columns = ("day", "model", "calls", "without tokens", "tokens in", "tokens out", "cost USD")
    return Block("cost", "What did the models cost?", sentence, columns, tuple(rows))


def _cost_words(n_calls: int, n_unknown: int, known: float) -> str:
    if n_unknown == n_calls:
        return (
            f"What {counted(n_calls, 'call')} of models cost is not known: their tokens are not told, or their price is"
            " not in prices.yaml."
        )
    unknown = f"; of {counted(n_unknown, 'call')} the cost is not known" if n_unknown else ""
    return f"{counted(n_calls, 'call')} of models cost {known:.2f} USD as far as it is known{unknown}."


def failures_block(failures: tuple[FailureCount, ...]) -> Block:
    """Failures of models by service and reason."""
    merged: dict[tuple[str, str], list[FailureCount]] = defaultdict(list)
    for one in failures:
        merged[_service_and_reason(one.line)].append(one)
    rows = [
        Row(
            (service, reason, sum(one.n_turns for one in lines), max(one.last_at for one in lines)),
            Pick("failure", tuple(one.line for one in lines)),
        )
        for (service, reason), lines in merged.items()
    ]
    rows.sort(key=lambda row: (-int(str(row.cells[2])), str(row.cells[0]), str(row.cells[1])))
    sentence = "Nothing failed in this time."
    if rows:
        service, reason, n_turns, _ = rows[0].cells
        n_all = sum(one.n_turns for one in failures)
        sentence = f"{service} {reason}: {share_words(int(str(n_turns)), n_all)} of {counted(n_all, 'failure')}."
    return Block("failures", "What failed?", sentence, ("service", "reason", "messages", "last"), tuple(rows))


def _service_and_reason(line: str) -> tuple[str, str]:
    """ "Gemini", "did not answer in 20 s" out of the line that a shopper was shown."""
    told = scrubbed(_CONSEQUENCE.sub("", line)).rstrip(". ")
    service, *reason = _REASON.split(told, maxsplit=1)
    return (service, reason[0]) if reason else ("The model", told)
