"""What the gate says about a version that is to be published."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """Whether a version may be published; `reasons` say why not, or what it was let through on.

    `run_id` is the run it stands on, 0 without one.
    """

    is_open: bool
    reasons: tuple[str, ...] = ()
    run_id: int = 0
