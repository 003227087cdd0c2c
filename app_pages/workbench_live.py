"""Live comparison: two versions of a prompt on shoppers, followed and ended here."""

from collections.abc import Callable

import streamlit as st

from agents.live.book import MAX_SHARE, MIN_SHARE, LiveBook, Plan
from agents.live.guard import Guard
from agents.live.report import LiveReport
from agents.live.versions import Versions, open_versions
from agents.live.words import state_words, uneven_words, verdict_words, won_words
from app_pages.access import actor, may, require
from app_pages.resources import desk
from app_pages.said import doing, draw_failure, draw_said
from app_pages.wording import html_text, markdown_text, sentence
from app_pages.workbench_live_chart import difference_chart
from app_pages.workbench_live_start import draw_start
from app_pages.workbench_live_table import events_html, figures_html
from env.errors import ComparisonError
from env.roles import Action
from tools.store_live import Comparison, LiveStore

# Figures on an open page are counted anew so often.
_REFRESH_S = 60
_MAX_ENDED = 20


def draw_live(versions: Versions | None = None) -> None:
    """Draw what runs, the way to start, and what has ended. `versions` are those kept here unless given.

    Raises:
        AccessError: whoever is at this page may not compare versions on shoppers.
        VitrineError: the shop cannot be opened.
    """
    require(Action.COMPARE_LIVE)
    database = desk().shop.database
    known = versions or open_versions(database)
    book, guard = LiveBook(database, known), Guard(LiveBook(database, known), LiveStore(database))
    every = book.every()
    running = [comparison for comparison in every if comparison.is_running]
    with st.container(key="live"):
        st.html('<h2 class="v-page-title">Live comparison</h2>')
        draw_said()
        # One place whatever runs: what stands below keeps its own, and with it a press.
        with st.container(key="live-running"):
            if not running:
                st.html(_empty_html(has_ended=bool(every)))
            for comparison in running:
                _draw_running(comparison, book, guard, known)
        draw_start(known, {comparison.prompt for comparison in running}, lambda plan: _start(book, plan))
        _draw_ended([comparison for comparison in every if not comparison.is_running], book)


def _empty_html(*, has_ended: bool) -> str:
    first = "Nothing is being compared now." if has_ended else "Nothing has been compared yet."
    return (
        f'<p class="v-live-lead">{first} Two versions of a prompt can share your shoppers: each session gets one of'
        " them and keeps it, what the shoppers do is counted for both, and a guard takes the new version back if it"
        " clearly loses. You need a second version that was published once or has passed the gate; then choose it"
        " below.</p>"
    )


def _draw_running(comparison: Comparison, book: LiveBook, guard: Guard, versions: Versions) -> None:
    with st.container(key=f"live-{comparison.id}"):
        st.html(_title_html(comparison))
        st.fragment(_draw_figures, run_every=_REFRESH_S)(comparison.id, book, guard)
        with st.container(key=f"live-tools-{comparison.id}", horizontal=True):
            _draw_share(comparison, book)
            _draw_stop(comparison, book)
            _draw_use_b(comparison, book, versions)
        with st.expander("What was done", key=f"live-events-{comparison.id}"):
            st.html(events_html(book.events(comparison.id)))


def _title_html(comparison: Comparison) -> str:
    name, a, b = map(html_text, (comparison.prompt.capitalize(), comparison.version_a, comparison.version_b))
    return f'<h3 class="v-live-title">{name}: {a} <small>(A)</small> and {b} <small>(B)</small></h3>'


def _draw_figures(comparison_id: int, book: LiveBook, guard: Guard) -> None:
    """Draw the figures as they stand; whoever looks lets the guard look too."""
    require(Action.COMPARE_LIVE)
    if not guard.look(comparison_id).is_running:
        _draw_end(book.report(comparison_id))
    draw_report(book.report(comparison_id))


def _draw_end(report: LiveReport) -> None:
    """Draw how it ended while somebody looked."""
    told = state_words(report) + "; every session has the version in force from its next turn on"
    if report.comparison.state == "stopped by guard":
        draw_failure(told)
    else:
        st.html(f'<p class="v-told" role="status">{html_text(sentence(told))}</p>')


def draw_report(report: LiveReport) -> None:
    """Draw the verdict, the chart and the table of a comparison."""
    comparison = report.comparison
    if won := won_words(report):
        st.html(f'<p class="v-live-won" role="status">{html_text(won)}</p>')
    st.html(
        f'<p class="v-live-verdict v-live-{report.deciding.shown.split()[0]}">{html_text(verdict_words(report))}</p>'
        f'<p class="v-live-state">{html_text(sentence(state_words(report)))} {_counted_words(report)}</p>'
    )
    if uneven := uneven_words(report):
        st.html(f'<p class="v-note v-problem" role="alert">{html_text(uneven)}</p>')
    if len(report.points) > 1:
        st.altair_chart(difference_chart(report), key=f"live-chart-{comparison.id}")
        st.html(
            '<p class="v-live-state">The line is B minus A as sessions came in. The band holds the true difference at'
            " all moments together with 95 % certainty: look as often as you like. While it reaches over zero, no"
            " difference is shown.</p>"
        )
    st.html(figures_html(report))


def _counted_words(report: LiveReport) -> str:
    comparison = report.comparison
    if not comparison.is_running:
        return ""
    told = (
        f"{comparison.share_b:.0%} of new sessions get B. A session counts {comparison.window_minutes} minutes after it"
        " began"
    ).replace("%", " %")
    is_one = report.n_waiting == 1
    return f"{told}; {report.n_waiting} {'is' if is_one else 'are'} not so far yet." if report.n_waiting else f"{told}."


def _draw_share(comparison: Comparison, book: LiveBook) -> None:
    with st.popover("Change the share", key=f"live-share-{comparison.id}"):
        key = f"live-share-value-{comparison.id}"
        st.slider(
            "B's share of new sessions, in percent",
            round(MIN_SHARE * 100), round(MAX_SHARE * 100), round(comparison.share_b * 100), key=key,
        )  # fmt: skip
        st.html('<p class="v-live-state">Sessions that have a version keep it.</p>')
        st.button(
            "Change it", key=f"live-share-do-{comparison.id}", on_click=_do,
            args=(lambda: _change_share(book, comparison, key),),
        )  # fmt: skip


def _draw_stop(comparison: Comparison, book: LiveBook) -> None:
    with st.popover("Stop", key=f"live-stop-{comparison.id}"):
        st.html(
            f'<p class="v-live-state">Every session gets version {html_text(comparison.version_a)} again from its next'
            " turn on. The figures are kept below, and it can be started again, counting from the beginning.</p>"
        )
        st.button(
            "Stop the comparison", key=f"live-stop-do-{comparison.id}", on_click=_do,
            args=(lambda: _stop(book, comparison),),
        )  # fmt: skip


def _draw_use_b(comparison: Comparison, book: LiveBook, versions: Versions) -> None:
    """Draw the way to publish B, where this page can do that and whoever is here may."""
    if versions.publish is None or not may(Action.PUBLISH_PROMPTS):
        return
    with st.popover("Use B for all", key=f"live-use-{comparison.id}"):
        st.html(
            f'<p class="v-live-state">Version {html_text(comparison.version_b)} is published past the gate, every'
            " session gets it from its next turn on, and the comparison ends. It can be rolled back under Prompts.</p>"
        )
        st.button(
            "Use B for all", key=f"live-use-do-{comparison.id}", type="primary", on_click=_do,
            args=(lambda: _use_b(book, comparison),),
        )  # fmt: skip


def _draw_ended(ended: list[Comparison], book: LiveBook) -> None:
    if not ended:
        return
    st.html('<h3 class="v-live-title">Ended</h3>')
    for comparison in ended[:_MAX_ENDED]:
        label = (
            f"{comparison.prompt.capitalize()}: {comparison.version_a} and {comparison.version_b},"
            f" {comparison.state} on {comparison.ended_at:%d %b %Y}"
        )
        with st.expander(markdown_text(label), key=f"live-ended-{comparison.id}"):
            _draw_kept(comparison, book)
            st.html(events_html(book.events(comparison.id)))
            st.button(
                "Start it again", key=f"live-again-{comparison.id}", on_click=_do,
                args=(lambda comparison=comparison: _start_words(book, _plan_of(comparison)),),
            )  # fmt: skip
    if len(ended) > _MAX_ENDED:
        st.html('<p class="v-live-state">Older ones: <code>python -m agents live list</code>.</p>')


def _draw_kept(comparison: Comparison, book: LiveBook) -> None:
    try:
        draw_report(book.report(comparison.id))
    except ComparisonError as error:
        draw_failure(str(error))


def _plan_of(comparison: Comparison) -> Plan:
    return Plan(
        comparison.prompt, comparison.version_b, comparison.share_b, comparison.decided_by,
        comparison.planned_sessions, comparison.min_sessions, comparison.window_minutes,
        comparison.when_b_wins,
    )  # fmt: skip


def _do(change: Callable[[], str]) -> None:
    doing(change)


def _start(book: LiveBook, plan: Plan) -> None:
    _do(lambda: _start_words(book, plan))


def _start_words(book: LiveBook, plan: Plan) -> str:
    started = book.start(actor(), plan)
    return f"Started: {started.share_b:.0%} of new sessions get {started.version_b} from now on.".replace("%", " %")


def _change_share(book: LiveBook, comparison: Comparison, key: str) -> str:
    changed = book.change_share(actor(), comparison.id, int(st.session_state[key]) / 100)
    return f"{changed.share_b:.0%} of new sessions get B now; those that have a version keep it.".replace("%", " %")


def _stop(book: LiveBook, comparison: Comparison) -> str:
    stopped = book.stop(actor(), comparison.id)
    return f"Stopped. Every session gets version {stopped.version_a} again from its next turn on."


def _use_b(book: LiveBook, comparison: Comparison) -> str:
    ended = book.use_b(actor(), comparison.id)
    return f"Version {ended.version_b} is in force for all, and the comparison has ended."
