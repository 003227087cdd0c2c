"""One turn's question to the shop."""

from dataclasses import dataclass

from agents.events import Message
from agents.intent import Intent
from agents.session import Session
from env.settings import Settings
from tools.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted, by whom, and where to look. The session is only read."""

    intent: Intent
    message: Message
    session: Session
    catalog: Catalog
    settings: Settings
