"""A read intent held against the labelled one, slot by slot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.store_cases import CaseRow


@dataclass(frozen=True, slots=True)
class SlotCompared:
    """One slot: what was wanted and what was read, None where nothing."""

    name: str
    wanted: Any
    read: Any

    @property
    def is_right(self) -> bool:
        """Whether both say the same."""
        return bool(comparable(self.wanted) == comparable(self.read))


def slots_compared(case: CaseRow, intent: Mapping[str, Any]) -> tuple[SlotCompared, ...]:
    """Every slot that is labelled; of a case whose whole intent is labelled also those read besides."""
    names = dict.fromkeys((*case.expected, *(intent if case.is_whole else ())))
    return tuple(SlotCompared(name, case.expected.get(name), intent.get(name)) for name in names)


def comparable(value: Any) -> Any:
    """Lists of words compare without their order; parts keep theirs. An empty value is none."""
    if isinstance(value, Mapping):
        return {name: comparable(inner) for name, inner in value.items()} or None
    if isinstance(value, list | tuple):
        plain = [comparable(inner) for inner in value]
        return (plain if any(isinstance(inner, dict) for inner in plain) else sorted(map(str, plain))) or None
    return None if value == "" else value
