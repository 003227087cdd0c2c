"""Which turns insight counts: dates, language, route, backend, prompt version, side of a live comparison, demos."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from agents.insight.asked import route_words
from agents.insight.telling import counted
from app_pages.wording import html_text
from tools.insight import Options, Scope


def draw_scope(options: Options) -> Scope:
    """Draw the choice, closed, below one line that says what is counted; the scope chosen."""
    with st.expander("Choose which turns count"), st.container(key="insight-scope"):
        since, until = _days(options)
        language = _choice("Language", options.languages, "language")
        route = _choice("Read as", options.routes, "route", route_words)
        backend = _choice("Read or answered by", options.backends, "backend")
        version = _choice("Prompt version", options.versions, "version")
        side = _choice("Side of a live comparison", options.sides, "side")
        has_demos = st.toggle("Count the chats of demos too", key="insight-demos")
    scope = Scope(since, until, language, route, backend, version, side, has_demos)
    st.html(f'<p class="v-note">{html_text(scope_words(scope, options))}</p>')
    return scope


def scope_words(scope: Scope, options: Options) -> str:
    """What is counted, as one sentence."""
    since, until = scope.since or options.first, scope.until or options.last
    days = f"from {since:%-d %B %Y} to {until:%-d %B %Y}" if since and until else "from any day"
    only = [name for name in (scope.language, route_words(scope.route) if scope.route else "", scope.backend) if name]
    only += [
        name for name in (scope.version and f"prompt {scope.version}", scope.side and f"side {scope.side}") if name
    ]
    narrowed = f", only {', '.join(only)}" if only else ""
    left_out = f" {counted(options.n_uncounted, 'turn')} cannot be counted." if options.n_uncounted else ""
    return f"Counted are turns {days}{narrowed}. Names, addresses and numbers of shoppers are taken out.{left_out}"


def _days(options: Options) -> tuple[date | None, date | None]:
    """Two fields rather than a range: half a range is no choice."""
    first, last = options.first, options.last
    since = st.date_input("From", value=None, min_value=first, max_value=last, key="insight-since", format="YYYY-MM-DD")
    until = st.date_input("To", value=None, min_value=first, max_value=last, key="insight-until", format="YYYY-MM-DD")
    return (since if isinstance(since, date) else None, until if isinstance(until, date) else None)


def _choice(label: str, values: tuple[str, ...], key: str, told: Callable[[str], str] = str) -> str:
    """One of the values, "" for any; nothing is drawn where there is nothing to choose."""
    if len(values) < 1:
        return ""
    chosen = st.selectbox(
        label, ("", *values), format_func=lambda value: told(value) if value else "any", key=f"insight-{key}"
    )
    return str(chosen or "")
