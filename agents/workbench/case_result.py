"""What came out of one case for one variant."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from agents.workbench.contract import Violation


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One played case. `said` is the reply as the model wrote it, `reply` as the shopper would have read it.

    `error` is set where the turn could not be played at all. `failures` are services that failed within it. `cost` is
    in US dollars, None where a price is not known; tokens are counted by the vendor, or estimated.
    """

    intent: Mapping[str, Any] = field(default_factory=dict)
    skus: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    reply: str = ""
    said: str = ""
    failures: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    backends: Mapping[str, str] = field(default_factory=dict)
    prompt_versions: Mapping[str, str] = field(default_factory=dict)
    tokens_in: int = 0
    tokens_out: int = 0
    is_estimated: bool = False
    cost: float | None = None
    error: str = ""
    judged: float | None = None
    judged_why: str = ""

    def to_json(self) -> dict[str, Any]:
        """The result as plain data that Postgres can hold: no NUL."""
        data: dict[str, Any] = _storable(asdict(self))
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CaseResult":
        """A result as `to_json` wrote it."""
        lists = {name: tuple(data[name]) for name in ("skus", "titles", "failures")}
        return cls(**{**data, **lists, "violations": tuple(Violation(**each) for each in data["violations"])})


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {str(name): _storable(inner) for name, inner in value.items()}
    return [_storable(inner) for inner in value] if isinstance(value, list | tuple) else value
