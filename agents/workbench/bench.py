"""The desk of a variant: the shop's own turn, with the variant's prompts and models, that keeps nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import SecretStr

from agents.assistant import Assistant
from agents.assistant.model import ModelAssistant
from agents.chat_models import open_chat_model, open_structured_model
from agents.classifier import Classifier
from agents.classifier.model import ModelClassifier
from agents.classifier.slots import Defaults
from agents.desk import Desk, open_desk
from agents.prompts_in_force import PromptsInForce
from agents.workbench.metered import Meter, MeteredModel
from agents.workbench.variants import MODEL_SETTINGS, PRACTICE, Variant
from agents.workbench.versions import Pinned, PromptVersions
from env.settings import Settings
from tools.shop import Shop
from tools.store_sessions import NewTurn, SessionRow, SessionStore


class UnkeptSessions(SessionStore):
    """Takes turns and keeps none: what a run plays is no conversation of a shopper."""

    def add_turn(self, session_id: str, session: SessionRow, turn: NewTurn) -> tuple[int, int]:
        """Nothing is stored."""
        return 0, session.version

    def change_last_turn(self, session_id: str, session: SessionRow, changes: Mapping[str, Any]) -> int:
        """Nothing is stored."""
        return session.version


@dataclass(frozen=True, slots=True)
class Staffed:
    """A variant ready to play. `calm` is the same desk without models, for what was said before a case."""

    variant: Variant
    desk: Desk
    calm: Desk
    meter: Meter


def staff(shop: Shop, variant: Variant, versions: PromptVersions, practice_url: str = "") -> Staffed:
    """The desk of a variant; `practice_url` is where the practice model listens, if it takes part.

    Raises:
        SettingsError: what a backend needs is not set.
        ChatModelError: a local model cannot be loaded.
        PromptError: a version is gone.
    """
    settings, meter = _settings(shop.settings, variant), Meter()
    prompts = PromptsInForce({name: versions.prompt(name, version) for name, version in variant.prompts.items()})
    offline = replace(shop, settings=settings.model_copy(update={"classifier": "offline", "assistant": "offline"}))
    calm = replace(open_desk(offline), sessions=UnkeptSessions(shop.database), prompts=Pinned(prompts))
    desk = replace(
        calm,
        classifier=_classifier(calm, settings, variant.classifier, meter, practice_url),
        assistant=_assistant(calm, settings, variant.assistant, meter, practice_url),
    )
    return Staffed(variant, desk, calm, meter)


def _settings(settings: Settings, variant: Variant) -> Settings:
    names = {MODEL_SETTINGS[name] for name in (variant.classifier, variant.assistant) if name in MODEL_SETTINGS}
    return settings.model_copy(update=dict.fromkeys(names, variant.model)) if variant.model else settings


def practice_settings(settings: Settings, url: str) -> Settings:
    """Settings under which the backend `openai` is the practice model."""
    where = {"openai_base_url": f"{url}/v1", "openai_model": PRACTICE, "openai_api_key": SecretStr("")}
    return settings.model_copy(update=where)


def _classifier(desk: Desk, settings: Settings, name: str, meter: Meter, practice_url: str) -> Classifier:
    if name == "offline":
        return desk.offline_classifier
    defaults = Defaults(settings.currency, settings.max_items)
    if name == PRACTICE:
        practice = open_structured_model("openai", practice_settings(settings, practice_url))
        return ModelClassifier(MeteredModel(practice, meter, PRACTICE), defaults, settings.locale)
    return ModelClassifier(MeteredModel(open_structured_model(name, settings), meter), defaults, settings.locale)


def _assistant(desk: Desk, settings: Settings, name: str, meter: Meter, practice_url: str) -> Assistant:
    if name == "offline":
        return desk.offline_assistant
    pictures = desk.shop.pictures
    if name == PRACTICE:
        practice = open_chat_model("openai", practice_settings(settings, practice_url))
        # It has no eyes, and pictures take longer to send than it takes to answer.
        return ModelAssistant(MeteredModel(practice, meter, PRACTICE, 0), pictures, settings.locale)
    return ModelAssistant(MeteredModel(open_chat_model(name, settings), meter), pictures, settings.locale)
