"""Who is at this page: the actor of the browser's session, by the way the settings name."""

import streamlit as st

from app_pages.resources import settings
from env.access import Told, actor_of
from env.roles import Action, Actor


def actor() -> Actor:
    """Whoever is at this page, told anew in every run: who signs out may nothing from then on."""
    return actor_of(settings(), Told(dict(st.context.headers), _claims()))


def may(action: Action) -> bool:
    """Whether whoever is at this page may do this."""
    return actor().may(action)


def require(action: Action) -> Actor:
    """Whoever is at this page, who may do this.

    Raises:
        AccessError: they may not.
    """
    found = actor()
    found.require(action)
    return found


def _claims() -> dict[str, object]:
    """What a login says about who signed in; nothing where nobody has."""
    if settings().access != "login" or not st.user.get("is_logged_in"):
        return {}
    return dict(st.user.to_dict())
