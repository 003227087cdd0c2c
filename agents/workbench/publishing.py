"""The gate that versions go past on their way into force."""

from agents.workbench.gate import check_gate
from agents.workbench.prompt_book import Gate
from agents.workbench.versions import versions_of
from env.database import Database


def gate_of(database: Database) -> Gate:
    """What publishing asks, on the page and on the command line."""
    return lambda name, version: check_gate(database, name, version, versions_of(database))
