"""A chat model as judge, with a rubric; and how far it agrees with shoppers' thumbs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from agents.chat_models import StructuredModel, open_structured_model
from agents.chat_models.message import ChatMessage
from agents.prompt import Prompt, as_data, read_prompt
from agents.workbench.case_result import CaseResult
from agents.workbench.variants import MODEL_SETTINGS
from env.errors import BenchError, ChatModelError
from env.settings import Settings
from tools.store_cases import CaseRow

DEFAULT_RUBRIC = (
    "The reply answers the message, speaks of the cards that are shown, is concrete and kind, and promises nothing."
)
_REPLY_CHARS = 2_000
_MOST_POINTS = 5
GOOD_FROM = 0.75
"""From four points of five on a judged reply counts as a thumb up."""


class Judgement(BaseModel):
    """What the judge answers."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    points: int = Field(ge=1, le=_MOST_POINTS)
    why: str = ""


class Judge:
    """Gives a reply points from 0 to 1."""

    def __init__(self, model: StructuredModel) -> None:
        self._model = model

    def points(self, message: str, cards: Sequence[str], reply: str, rubric: str = "") -> tuple[float, str]:
        """The points of a reply, and why; raises ChatModelError."""
        prompt = _prompt()
        listed = "\n".join(f"({place}) {as_data(title)}" for place, title in enumerate(cards, 1))
        asked = prompt.fill(
            "user",
            rubric=as_data(rubric or DEFAULT_RUBRIC, _REPLY_CHARS),
            message=as_data(message, _REPLY_CHARS),
            cards=listed or "none",
            reply=as_data(reply, _REPLY_CHARS),
        )
        messages = [ChatMessage("system", (prompt.fill("system"),)), ChatMessage("user", (asked,))]
        found = self._model.structured(messages, Judgement)
        return (found.points - 1) / (_MOST_POINTS - 1), found.why

    def judged(self, case: CaseRow, result: CaseResult) -> CaseResult:
        """The result with its points; where the judge failed, without them and with what failed."""
        try:
            points, why = self.points(case.message, result.titles, result.reply, case.rubric)
        except ChatModelError as error:
            return replace(result, judged_why=f"not judged: {error}")
        return replace(result, judged=points, judged_why=why)


@cache
def _prompt() -> Prompt:
    """Apart from the prompts that answer shoppers: no run tries it, and nothing publishes it."""
    return read_prompt(Path(__file__).with_name("judge.yaml"))


def judge_name(settings: Settings) -> str:
    """The backend that would judge: the assistant's, else the classifier's; "" where neither is a model in reach."""
    names = (settings.assistant, settings.classifier)
    return next((name for name in names if name not in ("offline", "llava")), "")


def judge_label(settings: Settings) -> str:
    """The judge as people know it: its backend and model; "" where there is none."""
    name = judge_name(settings)
    model = str(getattr(settings, MODEL_SETTINGS[name], "")) if name in MODEL_SETTINGS else ""
    return f"{name}: {model}" if model else name


def open_judge(settings: Settings) -> Judge:
    """The judge of the settings.

    Raises:
        BenchError: no chat model is set.
        SettingsError: what its backend needs is not set.
    """
    name = judge_name(settings)
    if not name:
        raise BenchError("the judge needs a chat model and none is set; set ASSISTANT in env/llm.env, or leave it out")
    return Judge(open_structured_model(name, settings))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the judge agrees with thumbs over `n_turns`: the share of equal judgements, and Cohen's kappa.

    `kappa` is None where it has no meaning: without turns, or where both sides said the same of all.
    """

    n_turns: int
    share: float
    kappa: float | None


def agreement(thumbs: Sequence[bool], judged: Sequence[bool]) -> Agreement:
    """Cohen, "A coefficient of agreement for nominal scales", 1960. Both in the same order."""
    n_turns = len(thumbs)
    if not n_turns:
        return Agreement(0, 0.0, None)
    share = sum(thumb == said for thumb, said in zip(thumbs, judged, strict=True)) / n_turns
    up, said_up = sum(thumbs) / n_turns, sum(judged) / n_turns
    by_chance = up * said_up + (1 - up) * (1 - said_up)
    return Agreement(n_turns, share, None if by_chance >= 1 else (share - by_chance) / (1 - by_chance))
