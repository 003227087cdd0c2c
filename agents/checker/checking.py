"""The check itself, on the stream: a sentence is let through, mended or left out before anybody sees it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from agents.bodies import remarks_on_body
from agents.checker.amounts import amounts_in
from agents.checker.claims import claim_problem
from agents.checker.filling import filled, stand_ins
from agents.checker.grounds import SHINGLE_WORDS, SHORTEST_GUARDED, Grounds, shingles
from agents.checker.markup import folded, plain, problem_of
from agents.checker.names import colour_problem, kind_problem, name_problem
from agents.checker.prices import priced
from agents.checker.sentences import Clause, Sentences, clauses_of, places_in
from agents.checker.sponsored import sponsorship_problem
from agents.checker.vocabulary import load_vocabulary

_SHORTEST_REPLY = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left of a reply, "" if nothing is worth keeping, and why sentences were taken out or mended."""

    text: str
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class CheckedReply:
    """A reply that is checked while it arrives. What `feed` and `finish` return may be shown at once.

    Nothing is returned before there are a few words, so that a reply of one lost word never begins. How the reply was
    cut into pieces changes nothing.
    """

    grounds: Grounds
    text: str = ""
    problems: list[str] = field(default_factory=list)
    _sentences: Sentences = field(default_factory=Sentences)
    _space: str = ""
    _held: str = ""
    _places: tuple[int, ...] = ()

    def feed(self, piece: str) -> str:
        """The checked text that `piece` completes, often ""."""
        return self._let_through(self._sentences.feed(piece))

    def finish(self) -> str:
        """The checked rest."""
        return self._let_through(self._sentences.finish())

    @property
    def checked(self) -> Checked:
        """The reply so far, looked at once more as a whole: what only shows across sentences leaves nothing of it."""
        problems = [*self.problems, *["a sentence without end"] * self._sentences.too_long]
        across = _problem_across(self.text, self.grounds) if self.text else ""
        return Checked("" if across else self.text, (*problems, *([across] if across else ())))

    def _let_through(self, sentences: list[str]) -> str:
        shown = ""
        for sentence in sentences:
            text = self._sentence(sentence)
            if text:
                shown += (self._space if self.text or self._held or shown else "") + text
                self._space = ""
            self._space = max(self._space, _space_behind(sentence), key=len)
        self._held += shown
        if len(self._held) < _SHORTEST_REPLY and not self.text:
            return ""
        shown, self._held = self._held, ""
        self.text += shown
        return shown

    def _sentence(self, sentence: str) -> str:
        """The sentence as it may be shown, "" where it may not."""
        bare = plain(sentence).strip()
        if not bare:
            return ""
        text, values, problem = stand_ins(bare, self.grounds)
        problem = problem or _problem(folded(text), self.grounds)
        if not problem:
            text, problem = self._clauses(text)
        if problem:
            self.problems.append(problem)
            return ""
        self._places = places_in(text) or self._places
        return filled(text, values)

    def _clauses(self, text: str) -> tuple[str, str]:
        """The sentence with right prices, and what is wrong with one of its clauses."""
        compared = folded(text)
        goes_on = load_vocabulary().pronouns.search(compared)
        parts = clauses_of(compared, self._places if goes_on else ())
        mended = [priced(part, self.grounds) for part in parts]
        for part, right in zip(parts, mended, strict=True):
            problem = right.problem or _clause_problem(part, self.grounds)
            if problem:
                return "", problem
        if all(right.text == part.text for part, right in zip(parts, mended, strict=True)):
            return text, ""
        self.problems.append("a price written over with the row's")
        return "".join(right.text for right in mended), ""


def check(reply: str, grounds: Grounds) -> Checked:
    """The reply without what the evidence does not bear out."""
    checked = CheckedReply(grounds)
    checked.feed(reply)
    checked.finish()
    return checked.checked


def _space_behind(sentence: str) -> str:
    space = sentence[len(sentence.rstrip()) :]
    n_breaks = space.count("\n")
    return "\n" * min(n_breaks, 2) if n_breaks else space[:1]


def _problem(text: str, grounds: Grounds) -> str:
    """What is wrong with a folded sentence whatever its clauses say."""
    return next((problem for look in _LOOKS if (problem := look(text, grounds))), "")


def _foreign_handle(text: str, grounds: Grounds) -> str:
    foreign = [place for place in places_in(text) if not 0 < place <= len(grounds.cards)]
    return f"card [{foreign[0]}] is not shown" if foreign else ""


def _markup(text: str, _: Grounds) -> str:
    return problem_of(text)


def _action(text: str, _: Grounds) -> str:
    return "a claimed action" if any(pattern.search(text) for pattern in load_vocabulary().actions) else ""


def _body(text: str, _: Grounds) -> str:
    return "a remark on a body" if remarks_on_body(text) else ""


def _instruction(text: str, _: Grounds) -> str:
    return "an instruction" if load_vocabulary().instructs(text) else ""


def _leak(text: str, grounds: Grounds) -> str:
    runs = (run for n_words in range(SHORTEST_GUARDED, SHINGLE_WORDS + 1) for run in shingles(text, n_words))
    return "words of the prompt" if any(run in grounds.guarded for run in runs) else ""


_LOOKS: tuple[Callable[[str, Grounds], str], ...] = (_body, 
    _foreign_handle, _markup, _body, _action, _instruction, _leak, name_problem, sponsorship_problem,
)  # fmt: skip


def _clause_problem(clause: Clause, grounds: Grounds) -> str:
    return kind_problem(clause, grounds) or colour_problem(clause, grounds) or claim_problem(clause, grounds)


def _problem_across(text: str, grounds: Grounds) -> str:
    """What shows only where sentences meet: an address or a price on two lines, a prompt told in short sentences."""
    whole = folded(text)
    known = {*grounds.told, *grounds.named, *(value for card in grounds.cards for value in card.amounts)}
    inside = {amount.written for part in re.split(r"\n", text) for amount in amounts_in(folded(part))}
    broken = (amount for amount in amounts_in(whole) if amount.written not in inside and amount.value not in known)
    problems: Iterator[str] = (f"price {amount.written!r} is in no row" for amount in broken)
    return problem_of(whole) or _leak(whole, grounds) or next(problems, "")
