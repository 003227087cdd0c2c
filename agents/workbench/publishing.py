"""The gate that versions go past on their way into force."""

from agents.workbench.gate_verdict import GateVerdict
from agents.workbench.prompt_book import Gate
from env.database import Database


def gate_of(database: Database) -> Gate:
    """What publishing asks, on the page and on the command line."""

    def sound_is_enough(name: str, version: str) -> GateVerdict:
        return GateVerdict(True, ("no run is asked for: a version has only to be sound",))

    return sound_is_enough
