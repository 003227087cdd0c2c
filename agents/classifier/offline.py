"""The classifier that needs no model: rules, data and the catalogue's own words."""

from dataclasses import replace

from agents.classifier.changes import apply_changes, is_relative
from agents.classifier.language import Language, load_language
from agents.classifier.lexicon import Lexicon, build_lexicon
from agents.classifier.parts import group_alternatives, split_wishes
from agents.classifier.reading import Reading, read
from agents.classifier.routes import Routing, Signals, load_routing
from agents.classifier.slots import Defaults, slots_of
from agents.classifier.tongue import in_english
from agents.events import Message
from agents.intent import Action, Intent, Route, Slots
from agents.look import live_look
from agents.session import Session
from agents.wish import wish_text
from tools.cart import MOST_PIECES
from tools.query import FACETS, Sort
from tools.taxonomy import Taxonomy
from tools.vocabulary import Vocabulary, empty_vocabulary

_VERSION = "1"
_NO_SLOTS: tuple[Route, ...] = ("thanks", "small_talk", "help", "out_of_scope", "unclear")
_SOFT_ROUTES: tuple[Route, ...] = ("search", "refine", "similar", "outfit")
# Words that describe the shop's goods are few: a longer string of unknown meaning is no wish.
_MOST_BARE_SOFT = 3


class OfflineClassifier:
    """Reads messages in a few milliseconds, those of other languages through a glossary.

    The words of the last vocabulary seen are kept ready.
    """

    prompt_names: tuple[str, ...] = ()

    def __init__(self, taxonomy: Taxonomy, defaults: Defaults) -> None:
        self.name = f"offline rules {_VERSION}"
        self._taxonomy = taxonomy
        self._defaults = defaults
        self._language: Language = load_language("en")
        self._routing: Routing = load_routing("en")
        self._known: tuple[Vocabulary, Lexicon, dict[str, str]] | None = None
        # Patterns compile on first use: the first shopper should not wait for that.
        self.read(Message("warm up under 1 in size S"), Session(""), empty_vocabulary())

    def read(self, message: Message, session: Session, vocabulary: Vocabulary) -> Intent:
        """The intent of a message. A photo alone is a search; nothing at all is unclear."""
        lexicon, labels = self._words_of(vocabulary)
        said = in_english(message.text, lexicon, self._language, session.language)
        reading = read(said.text, session, lexicon, self._language, labels)
        has_photo = message.photo is not None
        cleared = self._routing.cleared(reading.text)
        route = self._route(reading, cleared, has_photo, session)
        slots, parts = self._slots(reading, route, cleared)
        if (has_photo or route in ("refine", "similar")) and route not in _NO_SLOTS and "everything" not in cleared:
            # "Like this but cheaper" with a photo has nothing to do with the cards of an earlier search.
            on_screen = Session("") if has_photo and not reading.references.handles else session
            slots = apply_changes(reading.text, slots, reading.references.handles, on_screen, self._routing)
        action = self._action(reading.text, route)
        return Intent(
            route=route,
            slots=slots,
            parts=parts,
            references=() if route in ("search", *_NO_SLOTS) else reading.references.handles,
            language=said.language,
            text=wish_text(slots),
            cleared=cleared if route == "refine" or action in ("remove", "clear") else (),
            action=action,
        )

    def _action(self, text: str, route: Route) -> Action:
        if route == "preference":
            return self._routing.preference(text)
        return self._routing.action(text) if route in ("cart", "saved") else ""

    def _words_of(self, vocabulary: Vocabulary) -> tuple[Lexicon, dict[str, str]]:
        if self._known is None or self._known[0] is not vocabulary:
            facets = self._taxonomy.terms
            phrases = [(word, facet, value) for facet in facets for word, value in self._taxonomy.words(facet)]
            own = [(value, facet, value) for facet in FACETS if facet != "size" for value in vocabulary.values(facet)]
            labels = {size.lower(): size for size in vocabulary.values("size")}
            self._known = (vocabulary, build_lexicon([*phrases, *own]), labels)
        return self._known[1], self._known[2]

    def _route(self, reading: Reading, cleared: tuple[str, ...], has_photo: bool, session: Session) -> Route:
        if "everything" in cleared:
            return "refine"
        signals = Signals(
            has_facets=reading.has_facets,
            has_category=bool(reading.heads),
            has_photo=has_photo,
            is_referring=bool(reading.references.handles) or has_photo,
            is_shown=bool(session.shown),
        )
        route = self._routing.match(reading.text, signals)
        if route == "similar" and has_photo and not reading.references.handles:
            return "search"
        if route is None and cleared and session.standing:
            return "refine"
        return route or self._search_route(reading, has_photo, session)

    def _search_route(self, reading: Reading, has_photo: bool, session: Session) -> Route:
        text, refine = reading.text, self._routing.refine
        if live_look(session) is not None and not has_photo and self._changes_look(text):
            return "refine"
        if has_photo or (not session.standing and reading.has_facets):
            return "search"
        if session.standing and is_relative(text, self._routing):
            return "refine"
        if reading.references.handles and not reading.heads:
            return "variants" if reading.has_facets else "question"
        if reading.heads:
            standing = {category for slots in session.standing for category in slots.categories}
            named = {head.value for head in reading.heads}
            narrows = any(standing & set(self._taxonomy.category_path(category)) for category in named)
            changes = refine["replaces"].search(text) or (narrows and refine["cues"].search(text))
            return "refine" if session.standing and changes else "search"
        if reading.has_facets:
            return "search" if refine["new_search"].search(text) else "refine"
        if self._sort(text) is not None:
            return "refine" if session.standing else "search"
        return self._wordy_route(reading, session)

    def _changes_look(self, text: str) -> bool:
        """Whether a message changes the look on the screen ("cheaper shoes", "the shoes in black instead")."""
        return is_relative(text, self._routing) or bool(self._routing.refine["replaces"].search(text))

    def _wordy_route(self, reading: Reading, session: Session) -> Route:
        """The route of a message that names nothing the catalogue can filter by."""
        n_known = len(reading.whole.soft) - reading.n_unknown
        if reading.whole.counts and any(count.is_said for count in reading.whole.counts) and session.standing:
            return "refine"
        if n_known <= 0:
            return "unclear"
        if self._routing.wants.search(reading.text) or n_known <= _MOST_BARE_SOFT:
            is_new = not session.standing or self._routing.refine["new_search"].search(reading.text)
            return "search" if is_new else "refine"
        return "out_of_scope"

    def _sort(self, text: str) -> Sort | None:
        for name, pattern in self._language.sort.items():
            if pattern.search(text):
                return name  # type: ignore[return-value]
        return None

    def _slots(self, reading: Reading, route: Route, cleared: tuple[str, ...]) -> tuple[Slots, tuple[Slots, ...]]:
        """The slots of the whole message and, where it wants several items, of each."""
        if route in _NO_SLOTS:
            return Slots(), ()
        whole = reading.whole
        spans = self._routing.spans(reading.text)
        is_soft = route in _SOFT_ROUTES and not cleared
        soft = [(at, word) for at, word in whole.soft if is_soft and not any(s <= at < e for s, e in spans)]
        whole = replace(whole, soft=tuple(soft))
        if route in ("cart", "saved"):
            # The bag in "add it to my bag" is no wish.
            whole = replace(whole, mentions=tuple(m for m in whole.mentions if m.facet != "category"))
        sort = self._sort(reading.text) if route in ("search", "refine", "similar", "outfit") else None
        # So many cards are shown at most, but more pieces than that may be bought.
        defaults = replace(self._defaults, max_items=MOST_PIECES) if route == "cart" else self._defaults
        slots = slots_of(whole, self._language, defaults, sort)
        if route != "search":
            is_said = slots.count_said and route in ("refine", "similar", "cart")
            return replace(slots, count=slots.count if is_said else None, count_said=is_said), ()
        groups = group_alternatives(reading.text, reading.heads)
        if len(groups) < 2 or len(slots.categories) < 2:
            return slots, ()
        wishes = split_wishes(reading.text, groups, whole)
        parts = tuple(_one_each(slots_of(wish, self._language, self._defaults, sort)) for wish in wishes)
        counts = {part.count for part in parts}
        is_said = all(part.count_said for part in parts)
        # "For my son ... for my daughter": the whole message is for neither alone.
        gender = slots.gender if len({part.gender for part in parts}) == 1 else ""
        count = counts.pop() if len(counts) == 1 else None
        return replace(slots, count=count, count_said=is_said, gender=gender), parts


def _one_each(part: Slots) -> Slots:
    return part if part.count_said else replace(part, count=1)
