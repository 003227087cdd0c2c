"""What the composer has at hand for one reply."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.events import Evidence, Message, PartFound
from agents.finding import relaxed_start
from agents.intent import NOT, Intent, Slots
from agents.names import named
from agents.nouns import kind_words, listed, wish_words
from agents.session import Session
from agents.speaking import spoken_locale
from agents.wording import Wording, say
from tools.money import format_price
from tools.query import Hit
from tools.taxonomy import load_taxonomy
from tools.vocabulary import Vocabulary

_N_EXAMPLES = 3
_ENDS = (".", "!", "?", "。", "！", "？")


@dataclass(frozen=True, slots=True)
class Telling:
    """One turn, and how to put it."""

    message: Message
    intent: Intent
    evidence: Evidence
    session: Session
    wording: Wording
    vocabulary: Vocabulary
    locale: str

    @property
    def has_photo(self) -> bool:
        """Whether the cards were found by a photo, sent now or with the search that is being refined."""
        is_refined = self.intent.route == "refine" and self.session.photo is not None
        return self.message.photo is not None or is_refined

    def what(self, slots: Slots, n_items: int) -> str:
        """The wish as a noun phrase in singular or plural."""
        return wish_words(slots, n_items, self.vocabulary, self.locale)

    def price(self, cents: int, currency: str) -> str:
        """Money as the locale writes it."""
        return format_price(cents, currency, spoken_locale(self.locale))

    def reason(self, hit: Hit) -> str:
        """Why an item fits and what it costs, as the end of a sentence: ": linen, rated 4.6, at €39.90"."""
        cents = hit.item.pays_cents
        price = [say("reason.price", price=self.price(cents, hit.item.currency))] if cents is not None else []
        reasons = say("listed.comma").join(part for part in [hit.why, *price] if part)
        return say("reason.all", reasons=reasons) if reasons else ""

    def examples(self) -> str:
        """The commonest kinds of item in this catalogue: "dresses, jackets or shirts"."""
        departments = load_taxonomy().departments
        kinds = [kind for kind in self.vocabulary.values("category") if kind not in departments]
        return listed([kind_words((kind,), 2) for kind in kinds[:_N_EXAMPLES]] or [kind_words((), 2)], "or")

    def notes(self) -> list[str]:
        """What could not be checked, as sentences; what was widened is told where the items are."""
        notes = dict.fromkeys(note for part in self.evidence.parts for note in part.relaxed)
        told = [note for note in notes if not note.startswith(relaxed_start())]
        return [self.wording.say("note", first=note[0].upper(), rest=note[1:]) for note in told]

    def soft(self) -> list[str]:
        """A sentence about words that no facet can check, or nothing."""
        words = dict.fromkeys(word for part in self.evidence.parts for word in part.slots.soft)
        plain = [f'"{named("soft", word)}"' for word in words if not word.startswith(NOT)]
        unwanted = [f'"{named("soft", word.removeprefix(NOT))}"' for word in words if word.startswith(NOT)]
        said = [self.wording.say("soft", words=listed(plain, "or"))] if plain else []
        return said + ([self.wording.say("soft_not", words=listed(unwanted, "or"))] if unwanted else [])


def widened(part: PartFound) -> str:
    """What was widened to find these hits ("without the price limit"), or ""."""
    start = relaxed_start()
    return next((note.removeprefix(start) for note in part.relaxed if note.startswith(start)), "")


def sentence(text: str) -> str:
    """The text with a capital at its start and a mark at its end."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(_ENDS) else '.'}" if text else ""


def cheapest(hits: Sequence[Hit]) -> int | None:
    """Place of the cheapest hit where prices are known and differ, counted from 1."""
    priced = [(hit.item.pays_cents, place) for place, hit in enumerate(hits, 1) if hit.item.pays_cents is not None]
    if len(priced) < 2 or len({hit.item.currency for hit in hits}) > 1 or min(priced)[0] == max(priced)[0]:
        return None
    return min(priced)[1]
