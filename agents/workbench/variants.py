"""A variant: which versions of the prompts, by which models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.assistant import ASSISTANTS
from agents.classifier import CLASSIFIERS
from agents.workbench.versions import TESTED, PromptVersions, mark_of
from env.errors import BenchError

PRACTICE = "practice"
"""The backend of those who have no model: a small server of this machine that follows prompts as a weak model does."""
READERS = (PRACTICE, *CLASSIFIERS)
WRITERS = (PRACTICE, *ASSISTANTS)
MODEL_SETTINGS: Mapping[str, str] = {
    "gemini": "gemini_model", "vertexai": "gemini_model", "openai": "openai_model", "ollama": "ollama_model",
    "llava": "llava_model",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variant:
    """One side of a comparison. `prompts` maps names to versions, `marks` to what tells their words apart.

    `model` is the name of the model where it is not the one of the settings.
    """

    label: str
    prompts: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    classifier: str = "offline"
    assistant: str = "offline"
    model: str = ""

    def to_json(self) -> dict[str, Any]:
        """The variant as plain data."""
        return {
            "label": self.label, "prompts": dict(self.prompts), "marks": dict(self.marks),
            "classifier": self.classifier, "assistant": self.assistant, "model": self.model,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Variant":
        """A variant as `to_json` wrote it."""
        return cls(**data)

    @property
    def is_practice(self) -> bool:
        """Whether the practice model takes part."""
        return PRACTICE in (self.classifier, self.assistant)


def whole_variant(variant: Variant, versions: PromptVersions) -> Variant:
    """The variant with a version of every prompt, those in force where it names none, and with their marks.

    Raises:
        BenchError: a backend's name is unknown, or it names a prompt that no run can try.
        PromptError: there is no such version.
    """
    for name, known in ((variant.classifier, READERS), (variant.assistant, WRITERS)):
        if name not in known:
            raise BenchError(f"variant {variant.label!r}: unknown backend {name!r}; known are {', '.join(known)}")
    if unknown := sorted(set(variant.prompts) - set(TESTED)):
        raise BenchError(
            f"variant {variant.label!r}: no run can try the prompt {unknown[0]!r}; it can try {', '.join(TESTED)}"
        )
    prompts = {name: variant.prompts.get(name) or versions.in_force(name) for name in TESTED}
    marks = {name: mark_of(versions.prompt(name, version)) for name, version in prompts.items()}
    label = variant.label.strip() or ", ".join(f"{name} {version}" for name, version in prompts.items())
    return Variant(label, prompts, marks, variant.classifier, variant.assistant, variant.model.strip())
