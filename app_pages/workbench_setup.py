"""What a new run compares: variants with sensible defaults, and how many cases."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from agents.workbench.judge import judge_name
from agents.workbench.report_words import PRACTICE_NOTE
from agents.workbench.run_book import MOST_VARIANTS, RunBook
from agents.workbench.variants import MODEL_SETTINGS, PRACTICE, Variant
from app_pages.resources import settings
from app_pages.said import doing
from app_pages.wording import html_text
from app_pages.workbench_shared import worker
from env.roles import Actor
from tools.store_cases import CaseRow

_DEFAULT_CASES = 60
_BACKENDS = (PRACTICE, "gemini", "vertexai", "openai", "ollama", "offline")
_WORDS = {PRACTICE: "practice model of this machine", "offline": "rules of this machine, no model"}


def draw_setup(book: RunBook, cases: Sequence[CaseRow], actor: Actor) -> None:
    """Draw the form of a new run."""
    if not cases:
        st.html('<p class="v-note">The test set is empty. Put cases into it first.</p>')
        return
    n_variants = int(st.number_input("Variants", 2, MOST_VARIANTS, 2, key="setup-n"))
    columns = st.columns(min(n_variants, 3))
    variants = []
    for place in range(n_variants):
        with columns[place % len(columns)]:
            variants.append(_draw_variant(book, place))
    variants = _labelled(variants)
    if any(variant.is_practice for variant in variants):
        st.html(f'<p class="v-note">{html_text(PRACTICE_NOTE)}</p>')
    most = len(cases)
    n_cases = int(
        st.number_input("Cases", 1, most, min(most, _DEFAULT_CASES), key="setup-cases",
                        help="Spread evenly over the test set. Under 20 nothing can be told apart.")
    )  # fmt: skip
    has_judge = False
    if judge_name(settings()):
        has_judge = st.toggle("Let a model judge each reply by its rubric", key="setup-judge")
    chosen = tuple(cases[place * most // n_cases] for place in range(n_cases))
    st.button("Run", key="setup-run", type="primary", on_click=_start, args=(book, actor, variants, chosen, has_judge))


def _draw_variant(book: RunBook, place: int) -> Variant:
    """One side; the first is what is in force, the second the newest version."""
    letter = "ABCDEF"[place]
    st.html(f'<h3 class="v-bench-title">{letter}{" (what the others are held against)" if not place else ""}</h3>')
    prompts = {}
    for name in ("assistant", "classifier"):
        known = book.versions.versions(name)
        in_force = book.versions.in_force(name)
        prompts[name] = _choose_version(name, known, in_force, place)
    now = settings().assistant
    backend = str(
        st.selectbox(
            "Model", _BACKENDS, _BACKENDS.index(now) if now in MODEL_SETTINGS and now in _BACKENDS else 0,
            key=f"setup-{place}-by", format_func=lambda name: _WORDS.get(name, name),
        )
    )  # fmt: skip
    model = ""
    if backend in MODEL_SETTINGS:
        model = st.text_input(
            "Model name", key=f"setup-{place}-model", placeholder=str(getattr(settings(), MODEL_SETTINGS[backend]))
        )
    return Variant(letter, prompts, {}, backend, backend, model)


def _choose_version(name: str, known: tuple[str, ...], in_force: str, place: int) -> str:
    def told(version: str) -> str:
        return f"{version} (in force)" if version == in_force else version

    first = known.index(in_force) if place == 0 and in_force in known else 0
    return str(st.selectbox(f"Prompt “{name}”", known, first, key=f"setup-{place}-{name}", format_func=told))


def _labelled(variants: Sequence[Variant]) -> list[Variant]:
    """The variants by letter and by what they have unlike; by all of it where they are alike."""
    facts = [
        {**{f"{name} {version}": name for name, version in variant.prompts.items()}, variant.assistant: "",
         **({variant.model: "model"} if variant.model else {})}
        for variant in variants
    ]  # fmt: skip
    shared = set.intersection(*(set(each) for each in facts))
    labelled = []
    for variant, each in zip(variants, facts, strict=True):
        own = [fact for fact in each if fact not in shared] or [fact for fact, name in each.items() if name]
        labelled.append(replace(variant, label=f"{variant.label}: {', '.join(own)}"))
    return labelled


def _start(book: RunBook, actor: Actor, variants: list[Variant], cases: tuple[CaseRow, ...], has_judge: bool) -> None:
    def start() -> str:
        run_id = book.start(actor, variants, cases, has_judge=has_judge)
        worker().wake()
        return f"Run {run_id} has begun. It goes on when this page is closed."

    doing(start)
