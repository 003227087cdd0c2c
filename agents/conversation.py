"""The last exchanges of a chat as data for a prompt."""

from agents.prompt import as_data
from agents.session import Session

_MOST_EXCHANGES = 2


def recent(session: Session) -> str:
    """What was said last, oldest first, one line each; "" at the start of a chat."""
    return "\n".join(
        f"shopper: {as_data(exchange.message)}\nshop: {as_data(exchange.reply)}"
        for exchange in session.history[-_MOST_EXCHANGES:]
    )
