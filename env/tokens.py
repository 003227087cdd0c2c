"""Ids that nobody can guess."""

import secrets


def new_token(n_bytes: int) -> str:
    """A random token for URLs; it never begins with "-", which a command line would take for an option."""
    while (token := secrets.token_urlsafe(n_bytes)).startswith("-"):
        pass
    return token
