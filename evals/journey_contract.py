"""Judges a reply: it names shown cards and true amounts, says what was widened, claims nothing that did not happen."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from agents.events import Evidence
from agents.finding import relaxed_start
from agents.intent import Intent, Slots
from agents.speaking import LANGUAGES, speaking
from evals.hostile_oracle import faults_of
from evals.journey_oracle import Fault
from evals.journey_player import Kept, Played
from tools.item import Item

_OWN_ACTS = ("cart", "saved", "preference")
_AMOUNT = re.compile(r"[€$£¥]\s*(\d[\d.,]*\d|\d)|(\d[\d.,]*\d|\d)\s*(?:€|eur\b|euros?\b|元)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CLAIMS: Mapping[str, Callable[[Kept, Kept], bool]] = {
    "Added": lambda before, after: after.cart.n_pieces > before.cart.n_pieces,
    "Saved": lambda before, after: bool(set(after.saved) - set(before.saved)),
    "Removed": lambda before, after: (
        after.cart.n_pieces < before.cart.n_pieces or bool(set(before.saved) - set(after.saved))
    ),
    "Emptied": lambda before, after: (
        bool(before.cart.lines and not after.cart.lines) or bool(before.saved and not after.saved)
    ),
    "From now on": lambda before, after: after.profile != before.profile,
    "Forgotten": lambda before, after: after.profile != before.profile,
}
_SIGNS_OF = {
    "de": r"\b(?:und|der|die|das|ist|nicht|sind|ich|es gibt|für|oder)\b",
    "fr": r"\b(?:et|le|la|les|est|des|vous|pour)\b",
    "es": r"\b(?:y|el|la|los|es|para|hay|más)\b",
    "zh": r"[\u4e00-\u9fff]",
    "en": r"\b(?:the|and|is|are|of|in|to|i|that|you|it|from|fits|costs|here|added|removed)\b",
}


def reply_faults(played: Played, prompts: Sequence[str], *, is_own: bool) -> list[Fault]:
    """Everything wrong with a reply. `is_own` says that this machine worded it: then its wordings are asked for."""
    reply, evidence = played.done.reply, played.evidence
    items = [hit.item for hit in evidence.hits]
    found = [] if reply.strip() else [Fault("empty", "no reply")]
    found += [Fault("half", played.done.reply[-40:])] if played.streamed not in ("", reply) and is_own else []
    judged = ("foreign item", "remote link", "leak")
    found += [Fault(name, words) for name, words in faults_of(reply, items, (), prompts) if name in judged]
    found += [Fault("amount", words) for words in _wrong_amounts(played, items)]
    found += list(_claim_faults(played))
    found += [Fault("never", pattern) for pattern in played.turn.never_says if _is_in(pattern, reply)]
    if is_own:
        found += [Fault("says", pattern) for pattern in played.turn.says if not _is_in(pattern, reply)]
        with speaking(played.intent.language):
            start = relaxed_start()
        found += _widened_faults(reply, evidence, start)
        found += _language_faults(reply, played.intent)
    return found


def _is_in(pattern: str, reply: str) -> bool:
    return bool(re.search(pattern, reply, re.IGNORECASE))


def speaks(language: str, reply: str) -> bool:
    """Whether a reply reads like the language by its small words."""
    return bool(re.search(_SIGNS_OF.get(language, _SIGNS_OF["en"]), reply, re.IGNORECASE))


def amounts_in(reply: str) -> list[str]:
    """The amounts of money in a text."""
    return [match.group() for match in _AMOUNT.finditer(reply)]


def _language_faults(reply: str, intent: Intent) -> list[Fault]:
    """A reply in another language than the message's, where this machine has words of that language."""
    if intent.language not in LANGUAGES or speaks(intent.language, reply):
        return []
    return [Fault("language", f"not {intent.language}: {reply[:60]}")]


def _widened_faults(reply: str, evidence: Evidence, start: str) -> Iterator[Fault]:
    for part in evidence.parts:
        for note in part.relaxed:
            told = note.removeprefix(start).strip()
            if told.casefold().rstrip(".") not in reply.casefold():
                yield Fault("widened", f"not told: {note}")


def _claim_faults(played: Played) -> Iterator[Fault]:
    """Claims without a change in the database, and changes without a claim."""
    before, after, reply = played.before, played.after, played.done.reply
    claimed = False
    for sentence in re.split(r"(?<=[.!?])\s", reply):
        for start, is_true in _CLAIMS.items():
            if sentence.startswith(start):
                claimed = True
                if played.intent.route not in _OWN_ACTS or not is_true(before, after):
                    yield Fault("claim", sentence[:80])
    if played.intent.route not in _OWN_ACTS:
        found = faults_of(reply, [hit.item for hit in played.evidence.hits], (), ())
        yield from (Fault("claim", words) for name, words in found if name == "claimed action")
    if _has_more(before, after) and not claimed:
        yield Fault("untold", "something was put in or saved, and the reply does not say so")


def _has_more(before: Kept, after: Kept) -> bool:
    return after.cart.n_pieces > before.cart.n_pieces or bool(set(after.saved) - set(before.saved))


def _wrong_amounts(played: Played, items: Sequence[Item]) -> Iterator[str]:
    """Amounts that are no card's, no limit's and no total's; beside one card alone, that are not that card's."""
    common = _limits(played) | _totals(played)
    for sentence in re.split(r"(?<=[.!?])\s", played.done.reply):
        places = list(dict.fromkeys(int(number) for number in re.findall(r"\[(\d+)\]", sentence)))
        named = [items[place - 1] for place in places if 0 < place <= len(items)]
        about = named if len(named) == 1 else [*items, *_others(played)]
        right = common | {cents for item in about for cents in _prices(item)}
        right |= {sum(item.pays_cents or 0 for item in named)} if len(named) > 1 else set()
        for match in _AMOUNT.finditer(sentence):
            if _cents(match[1] or match[2]) not in right:
                yield match.group()


def _prices(item: Item) -> set[int]:
    return {cents for cents in (item.pays_cents, item.price_cents) if cents is not None}


def _others(played: Played) -> list[Item]:
    return [variant for hit in played.evidence.hits for variant in hit.variants]


def _limits(played: Played) -> set[int]:
    """Amounts that the shopper named, now or before, or that a way on names."""
    intents = [played.intent, *(choice.intent for choice in played.evidence.choices)]
    wishes = [slots for intent in intents for slots in (intent.slots, *intent.parts, *intent.standing)]
    wishes += [*played.standing, *(slots for part in played.evidence.parts for slots in (part.slots, *_steps(part)))]
    found = {cents for slots in wishes for cents in (slots.price_min_cents, slots.price_max_cents) if cents}
    for profile in (played.before.profile, played.after.profile):
        found |= {cents for cents in (profile.price_min_cents, profile.price_max_cents) if cents}
    return found | {_cents(number) for words in played.said for number in _NUMBER.findall(words)}


def _steps(part: object) -> list[Slots]:
    return [step.slots for step in getattr(part, "steps", ())]


def _totals(played: Played) -> set[int]:
    """What the cart holds, line by line and together, before and after; and all cards together."""
    found = {sum(hit.item.pays_cents or 0 for hit in played.evidence.hits)}
    for cart in (played.before.cart, played.after.cart):
        found |= set(cart.totals.values())
        for line in cart.lines:
            found |= {cents for cents in (line.pays_cents, line.added_cents) if cents is not None}
            found |= _prices(line.item) if line.item else set()
    return found


def _cents(digits: str) -> int:
    """An amount as it is written: "1,200", "39.90", "39,90"."""
    whole, _, rest = digits.replace(",", ".").rpartition(".")
    if whole and len(rest) != 3:
        return round(float(f"{whole.replace('.', '')}.{rest}") * 100)
    return round(float(digits.replace(",", "").replace(".", "")) * 100)
