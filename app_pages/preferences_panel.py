"""A shopper's preferences, opened: each can be changed or forgotten, and so can what was looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import streamlit as st

from app_pages.keeping import Keeping
from app_pages.wording import markdown_text
from tools.money import major_units, minor_units
from tools.profile import ANY_KIND, Profile
from tools.query import FACETS

_WHO = {"": "Anyone", "female": "Women", "male": "Men"}
_FORGETTABLE = tuple(facet for facet in FACETS if facet not in ("size", "gender", "age_group"))


def open_preferences(keeping: Keeping) -> None:
    """Open the preferences over the page."""
    st.dialog("My preferences", width="medium", on_dismiss="rerun")(draw_preferences)(keeping)


def draw_preferences(keeping: Keeping) -> None:
    """Draw every preference as something to change; a change is stored at once."""
    profile = keeping.profiles.profile(keeping.shopper)
    st.html(
        '<p class="v-note">Every search keeps to these, unless you ask for something else in it. '
        "You can also tell them in the chat: “I never wear leather”.</p>"
    )
    changed = _drawn_facets(_drawn_budget(_drawn_sizes(profile, keeping), keeping))
    st.html('<h3 class="v-also">What you looked at</h3>')
    has_shelf = st.toggle(
        "Suggest things from what I looked at", value=profile.has_shelf, key="pref-shelf",
        help="Turned off, nothing you look at is remembered, and what was is forgotten.",
    )  # fmt: skip
    changed = replace(changed, has_shelf=has_shelf)
    with st.container(key="pref-forget", horizontal=True):
        if st.button("Forget what I viewed", key="forget-viewed"):
            left = keeping.profiles.forget_viewed(keeping.shopper)
            st.html(f'<p class="v-note" role="status">{"It could not be forgotten." if left else "Forgotten."}</p>')
        st.button(
            "Forget all preferences", key="forget-all", disabled=profile.is_empty, on_click=_forget_all,
            args=(keeping, profile.has_shelf),
        )  # fmt: skip
    if changed != profile:
        keeping.profiles.write(keeping.shopper, changed)


def _forget_all(keeping: Keeping, has_shelf: bool) -> None:
    keeping.profiles.write(keeping.shopper, Profile(has_shelf=has_shelf))
    # What the fields hold would be stored again.
    for key in [str(key) for key in st.session_state if str(key).startswith("pref-")]:
        del st.session_state[key]


def _drawn_sizes(profile: Profile, keeping: Keeping) -> Profile:
    """Who it is for, and the sizes: those of no kind in particular, and those of each kind told."""
    who = next(iter(profile.facets.get("gender", ())), "")
    labels = _WHO if who in _WHO else {**_WHO, who: who}
    chosen = st.segmented_control(
        "I look for things for", list(labels), default=who, format_func=lambda name: labels[name], key="pref-who"
    )
    facets = {name: values for name, values in profile.facets.items() if name != "gender"}
    if chosen:
        facets["gender"] = (chosen,)
    known = keeping.catalog.vocabulary().values("size")
    sizes = {}
    for kind in dict.fromkeys((ANY_KIND, "Shoes", *profile.sizes)):
        worn = profile.sizes.get(kind, ())
        label = f"My sizes in {kind.lower()}" if kind else "My sizes"
        picked = st.multiselect(
            markdown_text(label), tuple(dict.fromkeys((*known, *worn))), default=worn, key=f"pref-size-{kind}",
            placeholder="Any",
        )  # fmt: skip
        if picked:
            sizes[kind] = tuple(picked)
    return replace(profile, sizes=sizes, facets=facets)


def _drawn_budget(profile: Profile, keeping: Keeping) -> Profile:
    prices = keeping.catalog.vocabulary().prices
    currency = profile.currency or (prices[0].currency if prices else "")
    before = None if profile.price_max_cents is None else float(major_units(profile.price_max_cents, currency))
    budget = st.number_input(
        f"Never dearer than ({currency})" if currency else "Never dearer than", min_value=0.0, value=before, step=5.0,
        format="%.2f", key="pref-budget", placeholder="No limit",
    )  # fmt: skip
    cents = minor_units(Decimal(str(budget)), currency) if budget else None
    has_price = cents is not None or profile.price_min_cents is not None
    return replace(profile, price_max_cents=cents, currency=currency if has_price else "")


def _drawn_facets(profile: Profile) -> Profile:
    """What was told in the chat, as things that can be kept or let go."""
    told = list(_told(profile))
    if not told:
        return profile
    labels = [label for label, _, _, _ in told]
    kept = st.pills(
        "Also", labels, selection_mode="multi", default=labels, key=f"pref-told-{len(labels)}",
        format_func=lambda label: f"{markdown_text(label)} ✕",
    )  # fmt: skip
    facets, exclude = dict(profile.facets), dict(profile.exclude)
    for label, is_unwanted, facet, value in told:
        if label not in kept:
            target = exclude if is_unwanted else facets
            target[facet] = tuple(other for other in target[facet] if other != value)
    return replace(profile, facets=_filled(facets), exclude=_filled(exclude))


def _told(profile: Profile) -> Iterator[tuple[str, bool, str, str]]:
    for facet in _FORGETTABLE:
        for value in profile.facets.get(facet, ()):
            yield f"only {value}", False, facet, value
    for facet, values in profile.exclude.items():
        for value in values:
            yield f"no {value}", True, facet, value


def _filled(values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {facet: kept for facet, kept in values.items() if kept}
