"""What a chat is called in a list: the name its shopper gave it, else its first message, shortened."""

import textwrap

from agents.wording import Wording
from tools.store_chats import ChatRow

_TITLE_CHARS = 48


def chat_title(chat: ChatRow, words: Wording) -> str:
    """One line of at most 48 characters, or the given name whole."""
    if chat.title:
        return chat.title
    first = " ".join(chat.first.split())
    if not first:
        return words.say("chats.photo" if chat.n_turns else "chats.empty")
    # A single endless word has no place to be cut at.
    return (
        textwrap.shorten(first, _TITLE_CHARS, placeholder=" …") if " " in first[:_TITLE_CHARS] else first[:_TITLE_CHARS]
    )
