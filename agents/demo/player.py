"""Where a journey stands: which step is next, whether it is typed, answered or looked at, and whether it goes on."""

from dataclasses import dataclass, field, replace
from typing import Literal

from agents.demo.journey import Journey, Step

Phase = Literal["ready", "typing", "answering", "looking", "done"]
SPEEDS = (0.5, 1.0, 1.5, 2.0, 4.0)
# A quick typist in front of people.
_MS_PER_CHAR = 45
_PRESS_MS = 1_200
_SKIP_S = 3.0


@dataclass(frozen=True, slots=True)
class Player:
    """One journey as it stands; every method gives the state after it.

    `at` is the place of the step, from 0. Phases: `ready` before the first step, `typing` while its words appear (or
    what it presses is shown), `answering` until the shop has answered, `looking` while the answer stands, `done` after
    the last one. `problems` says what went wrong by the place of its step, `skips` why a step had nothing to press.
    """

    journey: Journey
    at: int = 0
    phase: Phase = "ready"
    is_playing: bool = False
    speed: float = 1.0
    problems: dict[int, str] = field(default_factory=dict)
    skips: dict[int, str] = field(default_factory=dict)

    @property
    def step(self) -> Step:
        """The step at hand."""
        return self.journey.steps[self.at]

    @property
    def is_last(self) -> bool:
        """Whether no step comes after this one."""
        return self.at == len(self.journey.steps) - 1

    @property
    def ms_per_char(self) -> int:
        """The pace of typing."""
        return round(_MS_PER_CHAR / self.speed)

    @property
    def typing_ms(self) -> int:
        """How long the step's words, or what it presses, take to be shown."""
        return round(_PRESS_MS / self.speed) if self.step.press else self.ms_per_char * len(self.step.say) + 500

    @property
    def looking_ms(self) -> int:
        """How long the answer, or why there is none, stands before the next step."""
        seconds = min(self.step.seconds, _SKIP_S) if self.at in self.skips else self.step.seconds
        return round(1000 * seconds / self.speed)

    @property
    def cue(self) -> str:
        """A name for this moment, by which a late signal of an earlier one is told apart."""
        return f"{self.journey.name}/{self.at}/{self.phase}"

    def play(self) -> "Player":
        """Go on by itself: begin the step at hand, or the next one where this one has been answered."""
        if self.phase == "done":
            return self
        playing = replace(self, is_playing=True)
        return replace(playing, phase="typing") if self.phase == "ready" else playing

    def pause(self) -> "Player":
        """Stand still; a step that was being typed is begun anew later."""
        return replace(self, is_playing=False, phase="ready" if self.phase == "typing" else self.phase)

    def at_speed(self, speed: float) -> "Player":
        """Go on slower or quicker."""
        return replace(self, speed=speed)

    def next(self) -> "Player":
        """One step on, at once: send what is being typed, begin to type what is ready, or leave an answer behind."""
        match self.phase:
            case "ready":
                return replace(self, phase="typing")
            case "typing":
                return self.sent()
            case "looking":
                return self.moved_on(is_begun=True)
        return self

    def sent(self) -> "Player":
        """The step's words went out, or it was pressed."""
        return replace(self, phase="answering") if self.phase == "typing" else self

    def answered(self, problem: str = "") -> "Player":
        """The shop has answered, or could not: that is told, and the journey can go on."""
        if self.phase != "answering":
            return self
        problems = {**self.problems, self.at: problem} if problem else self.problems
        return replace(self, phase="looking", problems=problems)

    def skipped(self, reason: str) -> "Player":
        """The step had nothing to press: that is told for a moment, and the journey goes on."""
        if self.phase != "answering":
            return self
        return replace(self, phase="looking", skips={**self.skips, self.at: reason})

    def looked(self) -> "Player":
        """The answer has stood long enough: a journey that plays by itself goes on."""
        return self.moved_on(is_begun=True) if self.phase == "looking" and self.is_playing else self

    def moved_on(self, *, is_begun: bool) -> "Player":
        """The step after this one, being typed or ready; the end after the last."""
        if self.is_last:
            return replace(self, phase="done", is_playing=False)
        return replace(self, at=self.at + 1, phase="typing" if is_begun else "ready")

    def reset(self) -> "Player":
        """The journey from its beginning, at the same speed."""
        return Player(self.journey, speed=self.speed)
