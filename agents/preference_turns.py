"""Turns about a shopper's own preferences. What is told is the profile as it was read back."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from agents.doing import Doing, Done
from agents.events import Evidence
from agents.names import named, named_all, who
from agents.nouns import limit_price, listed
from agents.profile import facet_names
from agents.profile_changes import forgotten, kind_of_size, learned
from agents.router import gather
from agents.speaking import spoken
from tools.profile import ANY_KIND, Profile

VIEWED = "viewed"
"""What an intent clears that wants forgotten what was looked at."""


def act_on_preference(doing: Doing) -> Done:
    """Keep, forget or show preferences; then search again where something is being looked for."""
    intent = doing.request.intent
    if intent.action == "show":
        return Done(Evidence((), (_shown(doing, doing.request.profile),)))
    if VIEWED in intent.cleared:
        left = doing.profiles.forget_viewed(doing.shopper)
        return Done(Evidence((), (doing.say("preference.viewed_left" if left else "preference.viewed_forgotten"),)))
    profile = doing.request.profile
    if intent.action in ("remove", "clear"):
        return _forget(doing, profile)
    wanted = learned(profile, intent.slots, doing.request.message.text)
    if wanted == profile:
        return _liking(doing)
    stored = doing.profiles.write(doing.shopper, wanted)
    what = listed(_new(doing, profile, stored))
    return _searched(doing, stored, doing.say("preference.kept", what=what) if what else _shown(doing, stored))


def _forget(doing: Doing, profile: Profile) -> Done:
    intent = doing.request.intent
    if intent.action == "clear":
        wanted = Profile(has_shelf=profile.has_shelf)
    else:
        wanted = forgotten(profile, facet_names(intent.cleared), intent.slots)
    if wanted == profile:
        return _searched(doing, profile, doing.say("preference.nothing_to_forget"))
    stored = doing.profiles.write(doing.shopper, wanted)
    what = listed(_new(doing, stored, profile))
    return _searched(doing, stored, doing.say("preference.forgotten", what=what) if what else _shown(doing, stored))


def _liking(doing: Doing) -> Done:
    """Nothing that limits a search was told, or nothing new."""
    said = list(preference_words(doing, learned(Profile(), doing.request.intent.slots, doing.request.message.text)))
    if said:
        return _searched(doing, doing.request.profile, doing.say("preference.known", what=listed(said)))
    if doing.request.session.standing:
        return _searched(doing, doing.request.profile, doing.say("preference.liking"))
    return Done(Evidence((), (doing.say("preference.noted"),)))


def _searched(doing: Doing, profile: Profile, told: str) -> Done:
    """The standing search under the profile as it is now, with the sentence before its facts."""
    evidence = gather(replace(doing.request, profile=profile))
    return Done(replace(evidence, facts=(told, *evidence.facts)))


def _shown(doing: Doing, profile: Profile) -> str:
    words = list(preference_words(doing, profile))
    return doing.say("preference.shown", what=listed(words)) if words else doing.say("preference.none")


def _new(doing: Doing, before: Profile, after: Profile) -> list[str]:
    known = set(preference_words(doing, before))
    return [words for words in preference_words(doing, after) if words not in known]


def preference_words(doing: Doing, profile: Profile) -> Iterator[str]:
    """Each preference in a few words: "size M", "size 42 in shoes", "things for men", "no leather", "under €50"."""
    for kind, sizes in profile.sizes.items():
        name = "preference.size" if kind == ANY_KIND else "preference.size_of"
        yield doing.say(name, size=listed(list(sizes), "or"), kind=_kind(kind))
    if label := _who_for(profile.facets):
        yield doing.say("preference.who", who=label)
    for facet, values in profile.facets.items():
        if facet not in ("gender", "age_group"):
            yield doing.say("preference.only", what=listed(named_all(facet, values), "or"))
    for facet, values in profile.exclude.items():
        for value in values:
            yield doing.say("preference.never", what=_excluded(facet, value))
    currency, locale = profile.currency or doing.request.settings.currency, doing.request.settings.locale
    if profile.price_min_cents is not None:
        yield doing.say("preference.from", price=limit_price(profile.price_min_cents, currency, locale))
    if profile.price_max_cents is not None:
        yield doing.say("preference.under", price=limit_price(profile.price_max_cents, currency, locale))


def _excluded(facet: str, value: str) -> str:
    if spoken() != "en":
        return named(facet, value)
    return value if value[:2] == "T-" else value.lower()


def _kind(kind: str) -> str:
    return kind_of_size(kind) if spoken() == "en" else named("category", kind)


def _who_for(facets: Mapping[str, tuple[str, ...]]) -> str:
    gender, age_group = (next(iter(facets.get(name, ())), "") for name in ("gender", "age_group"))
    return who(gender, age_group)
