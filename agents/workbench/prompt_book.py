"""The book of prompts: the versions of each, drafts on their way, and what is in force."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from agents.prompt import PROMPTS_DIR, Prompt, load_prompt
from agents.workbench.gate_verdict import GateVerdict
from agents.workbench.rolling_back import checked_target, earlier, newest_sound
from agents.workbench.soundness import is_sound, ready
from env.database import Database
from env.errors import GateClosedError, PromptError
from env.roles import Action, Actor
from tools.store_prompts import Change, PromptRow, PromptStore

Gate = Callable[[str, str], GateVerdict]
"""What a name and a version are asked before the version may be published."""
MAX_NOTE_CHARS = 500
# More than any check lets pass, so that work on its way to being shortened can be kept.
_MAX_STORED_CHARS = 200_000
_SHIPS = "ships with the code"


@dataclass(frozen=True, slots=True)
class InForce:
    """What the next turn goes by: `version`, since `change` (None: since ever). `problem` says why the shipped one
    answers in its place, "" where it answers itself."""

    version: PromptRow
    change: Change | None
    problem: str = ""


class PromptBook:
    """Reads for anybody; changes for those who may. The version that ships with the code is the first of its name."""

    def __init__(self, database: Database) -> None:
        self._store = PromptStore(database)

    def names(self) -> tuple[str, ...]:
        """The prompts there are."""
        return tuple(sorted(path.stem for path in PROMPTS_DIR.glob("*.yaml")))

    def rows(self, name: str) -> tuple[PromptRow, ...]:
        """Every version of a prompt, newest first, the shipped one last."""
        return (*self._store.list(_known(name, self.names())), self._shipped(name))

    def read(self, name: str, version: str) -> PromptRow:
        """One version as it stands, sound or not.

        Raises:
            PromptError: there is no such prompt or version.
        """
        shipped = self._shipped(name)
        found = shipped if version == shipped.version else self._store.read(name, version)
        if found is None:
            known = ", ".join(row.version for row in self.rows(name))
            raise PromptError(f"prompt {name!r} has no version {version!r}; it has {known}")
        return found

    def prompt(self, name: str, version: str) -> Prompt:
        """One version, ready to be filled.

        Raises:
            PromptError: there is no such version, or something is wrong with it.
        """
        return ready(self.read(name, version))

    def versions(self, name: str) -> tuple[str, ...]:
        """The versions that could answer, newest first: drafts too, but none with something wrong with it."""
        return tuple(row.version for row in self.rows(name) if is_sound(row))

    def in_force(self, name: str) -> str:
        """The version that answers shoppers now."""
        standing = self.standing(name)
        return self._shipped(name).version if standing.problem else standing.version.version

    def log(self, name: str) -> tuple[Change, ...]:
        """Every change of what is in force, oldest first."""
        return self._store.log(_known(name, self.names()))

    def standing(self, name: str) -> InForce:
        """What the next turn goes by, and since when."""
        log, shipped = self.log(name), self._shipped(name)
        found = next((row for row in self._store.published() if row.name == name), shipped)
        try:
            ready(found)
        except PromptError as error:
            return InForce(found, log[-1] if log else None, str(error))
        return InForce(found, log[-1] if log else None)

    def before(self, name: str) -> str:
        """The version that was in force before, sound or not; "" where nothing was published yet."""
        return next((row.version for row in self._earlier(name)), "")

    def way_back(self, name: str) -> str:
        """The newest version before the one in force that could answer now; "" where there is none."""
        return newest_sound(self._earlier(name), self.standing(name).version.version)

    def _earlier(self, name: str) -> tuple[PromptRow, ...]:
        by_version = {row.version: row for row in self.rows(name)}
        shipped = self._shipped(name).version
        return tuple(by_version[version] for version in earlier(self.log(name), by_version, shipped))

    def draft(self, actor: Actor, name: str, parent: str, note: str = "") -> PromptRow:
        """A new draft that begins as another version stands.

        Raises:
            AccessError: the actor may not edit prompts.
            PromptError: there is no such version.
        """
        return self.add(actor, replace(self.read(name, parent), parent=parent, note=note))

    def add(self, actor: Actor, content: PromptRow) -> PromptRow:
        """A new draft with the template, variables, note and parent of `content`, under a version of its own.

        Raises:
            AccessError: the actor may not edit prompts.
            PromptError: there is no such prompt, or it is too long to be kept.
        """
        actor.require(Action.EDIT_PROMPTS)
        shipped = self._shipped(content.name)
        version = self._store.add(replace(_storable(content), author=actor.name), shipped.version)
        return self.read(content.name, version)

    def save(
        self, actor: Actor, draft: PromptRow, template: Mapping[str, str], variables: Sequence[str], note: str
    ) -> PromptRow:
        """Write a draft in place, sound or not; as read, so that nobody's work is written over.

        Raises:
            AccessError: the actor may not edit prompts.
            PromptConflictError: somebody wrote, published or deleted it meanwhile.
            PromptError: it is too long to be kept.
        """
        actor.require(Action.EDIT_PROMPTS)
        written = replace(draft, template=dict(template), variables=tuple(variables), note=note)
        self._store.save(_storable(written), actor.name)
        return self.read(draft.name, draft.version)

    def delete(self, actor: Actor, draft: PromptRow) -> None:
        """Remove a draft for good; `add` with what it held makes it again under another number.

        Raises:
            AccessError: the actor may not edit prompts.
            PromptConflictError: somebody wrote, published or deleted it meanwhile.
        """
        actor.require(Action.EDIT_PROMPTS)
        self._store.delete(draft)

    def publish(self, actor: Actor, name: str, version: str, note: str, gate: Gate) -> Change:
        """Put a version into force from the next turn on, if the gate lets it.

        Raises:
            AccessError: the actor may not publish prompts.
            GateClosedError: the gate refuses it.
            PromptConflictError: somebody edited it or published another while the gate looked.
            PromptError: something is wrong with it, or it is in force already.
        """
        actor.require(Action.PUBLISH_PROMPTS)
        row, current = self.read(name, version), self.standing(name).version.version
        if version == current:
            raise PromptError(f"version {version!r} of prompt {name!r} is in force already")
        if version == self._shipped(name).version:
            raise PromptError(f"version {version!r} of prompt {name!r} {_SHIPS}; retire {current!r} to return to it")
        ready(row)
        verdict = gate(name, version)
        if not verdict.is_open:
            reasons = "; ".join(verdict.reasons) or "no reason given"
            raise GateClosedError(f"the gate keeps {version!r} of prompt {name!r} back: {reasons}")
        change = Change(name, "publish", current, version, actor.name, _line(note), verdict.reasons, verdict.run_id)
        self._store.put_into_force(change, self._shipped(name).version, row.n_edits)
        return change

    def rollback(self, actor: Actor, name: str, note: str, seen: str = "", version: str = "") -> Change:
        """Return to an earlier version, without a gate: it was in force before. `version` is "" for the last one.

        `seen` is the version in force as whoever presses saw it; "" is whichever is.

        Raises:
            AccessError: the actor may not publish prompts.
            PromptConflictError: another version than `seen` is in force by now.
            PromptError: nothing was published yet, `version` was not in force before, or it could not answer now.
        """
        actor.require(Action.PUBLISH_PROMPTS)
        current, before = seen or self.standing(name).version.version, self._earlier(name)
        if not before:
            raise PromptError(f"nothing to roll back: {current!r} of prompt {name!r} {_SHIPS} and was never replaced")
        target = checked_target(before, current, version)
        change = Change(name, "roll back", current, target, actor.name, _line(note))
        self._store.put_into_force(change, self._shipped(name).version)
        return change

    def retire(self, actor: Actor, name: str, version: str, note: str) -> None:
        """Put a version aside. From the one in force the shop returns to the shipped one; `rollback` undoes that.

        Raises:
            AccessError: the actor may not publish prompts (for a draft: edit them).
            PromptConflictError: it was changed meanwhile.
            PromptError: there is no such version, or it cannot be put aside.
        """
        row, shipped = self.read(name, version), self._shipped(name).version
        if row.status == "draft":
            actor.require(Action.EDIT_PROMPTS)
            self._store.shelve(row)
            return
        actor.require(Action.PUBLISH_PROMPTS)
        if version == shipped or row.status == "retired":
            state = _SHIPS if version == shipped else "is retired already"
            raise PromptError(f"version {version!r} of prompt {name!r} {state}")
        self._store.put_into_force(Change(name, "retire", version, shipped, actor.name, _line(note)), shipped)

    def _shipped(self, name: str) -> PromptRow:
        prompt = load_prompt(_known(name, self.names()))
        return PromptRow(name, prompt.version, "shipped", prompt.template, prompt.variables, _SHIPS, "", "")


def _known(name: str, names: tuple[str, ...]) -> str:
    if name not in names:
        raise PromptError(f"there is no prompt {name!r}; there are {', '.join(names)}")
    return name


def _line(note: str) -> str:
    """A note as one line that Postgres takes."""
    visible = "".join(char if char.isprintable() else " " for char in note)
    return " ".join(visible.split())[:MAX_NOTE_CHARS]


def _storable(row: PromptRow) -> PromptRow:
    """The content as it is kept: lines end in one way, and there is no NUL."""
    if sum(map(len, (*row.template, *row.template.values(), *row.variables))) > _MAX_STORED_CHARS:
        raise PromptError(f"this prompt has more than {_MAX_STORED_CHARS} characters; shorten it before it is kept")
    template = {_clean(piece): _clean(text) for piece, text in row.template.items()}
    return replace(row, template=template, variables=tuple(map(_clean, row.variables)), note=_line(row.note))


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return lines.encode("utf-8", "replace").decode("utf-8")
