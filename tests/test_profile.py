"""What a shopper told of themselves: kept, applied where it fits, overridden by the message, shown and forgotten."""

import pytest

from agents.classifier import open_classifier
from agents.desk import Desk, open_desk
from agents.events import Evidence, Message
from agents.intent import Slots
from agents.profile import fit, own_sizes
from agents.profile_changes import forgotten, learned
from agents.session import Session
from env.settings import Settings
from tests.stocked_shop import ask
from tools.profile import Profile
from tools.shop import Shop


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


@pytest.fixture
def session(desk: Desk) -> Session:
    return desk.new_session()


def kept(evidence: Evidence) -> Slots:
    (part,) = evidence.parts
    return part.kept


M = Profile(sizes={"": ("M",)})


@pytest.mark.parametrize(
    ("profile", "slots", "text", "after"),
    [
        (Profile(), Slots(sizes=("M",)), "I'm a size M", M),
        (M, Slots(sizes=("L",)), "I'm a size L", Profile(sizes={"": ("L",)})),
        (M, Slots(sizes=("42",)), "I wear size 42", Profile(sizes={"": ("M", "42")})),
        (M, Slots(sizes=("42",)), "my shoe size is 42", Profile(sizes={"": ("M",), "Shoes": ("42",)})),
        (
            Profile(),
            Slots(exclude={"material": ("leather",)}),
            "I never wear leather",
            Profile(exclude={"material": ("leather",)}),
        ),
        (
            Profile(exclude={"colour": ("black", "red")}),
            Slots(colours=("black",)),
            "I only wear black",
            Profile(facets={"colour": ("black",)}, exclude={"colour": ("red",)}),
        ),
        (
            Profile(facets={"colour": ("black",)}),
            Slots(exclude={"colour": ("black",)}),
            "I never wear black",
            Profile(exclude={"colour": ("black",)}),
        ),
        (Profile(), Slots(colours=("red",)), "I love red", Profile()),
        (Profile(), Slots(gender="male"), "I wear men's", Profile(facets={"gender": ("male",)})),
        (M, Slots(price_max_cents=5_000), "my budget is 50", Profile({"": ("M",)}, price_max_cents=5_000)),
    ],
)
def test_a_limit_is_learned_and_a_liking_is_none(profile: Profile, slots: Slots, text: str, after: Profile) -> None:
    assert learned(profile, slots, text) == after


def test_whole_facets_or_single_values_are_forgotten() -> None:
    profile = Profile({"": ("M",)}, {"colour": ("black",)}, {"material": ("leather", "wool")}, price_max_cents=5_000)
    assert forgotten(profile, ("size", "price"), Slots()) == Profile(
        {}, {"colour": ("black",)}, {"material": ("leather", "wool")}
    )
    assert forgotten(profile, (), Slots(exclude={"material": ("wool",)})).exclude == {"material": ("leather",)}


def test_a_size_told_for_a_kind_wins_over_one_told_for_none() -> None:
    profile = Profile(sizes={"": ("M", "40"), "Shoes": ("42",)})
    assert own_sizes(profile, ("Shoes", "Sneakers")) == ("42",)
    assert own_sizes(profile, ("Clothing", "Dress")) == ("M", "40")


@pytest.mark.parametrize(
    ("slots", "fitting"),
    [
        (Slots(("Dress",)), Slots(sizes=("M",))),
        (Slots(("Sneakers",)), Slots(sizes=("42",))),
        (Slots(("Dress", "Sneakers")), Slots(sizes=("M", "42"))),
        (Slots(("Belt",)), Slots()),
        (Slots(), Slots()),
        (Slots(("Dress",), sizes=("S",)), Slots()),
    ],
)
def test_a_size_applies_only_to_kinds_that_carry_it(shop: Shop, slots: Slots, fitting: Slots) -> None:
    profile = Profile(sizes={"": ("M",), "Shoes": ("42",)})
    fitted = fit(slots, profile, (), shop.catalog)
    assert fitted.kept == fitting
    assert fitted.slots.sizes == (slots.sizes or fitting.sizes)


def test_the_message_wins_and_what_no_item_of_the_kind_has_is_left_out(shop: Shop) -> None:
    profile = Profile(
        facets={"gender": ("male",), "colour": ("black",), "brand": ("Nobody",)},
        exclude={"material": ("leather", "linen")},
        price_max_cents=5_000,
        currency="EUR",
    )
    wish = Slots(("Belt",), gender="female", price_max_cents=9_900, attributes={"material": ("leather",)})
    fitted = fit(wish, profile, (), shop.catalog)
    assert fitted.kept == Slots(colours=("black",), exclude={"material": ("linen",)})
    assert (fitted.slots.gender, fitted.slots.price_max_cents) == ("female", 9_900)
    off = fit(Slots(("Belt",)), profile, ("colour", "price", "material"), shop.catalog)
    assert off.kept == Slots(gender="male")


def test_a_preference_told_in_the_chat_is_read_back_applied_and_marked(desk: Desk, session: Session) -> None:
    reply = ask(desk, session, "I'm a size M")[2].reply
    assert reply == "From now on I keep to this: size M. You can change it under Preferences at the top."
    assert desk.profiles.profile(session.keeper) == M
    evidence = ask(desk, session, "dresses")[1]
    assert kept(evidence) == Slots(sizes=("M",))
    assert all(hit.item.sizes.get("M", 0) for hit in evidence.hits)
    assert kept(ask(desk, session, "sneakers")[1]) == Slots()
    assert kept(ask(desk, session, "dresses in S")[1]) == Slots()
    assert kept(ask(desk, desk.new_session(), "dresses")[1]) == Slots()


def test_a_preference_can_be_set_aside_for_one_search(desk: Desk, session: Session) -> None:
    ask(desk, session, "I'm a size M")
    ask(desk, session, "dresses")
    assert kept(ask(desk, session, "in any size")[1]) == Slots()
    assert kept(ask(desk, session, "in black")[1]) == Slots()
    again = open_desk(desk.shop).session(session.id)
    assert again.off == ("size",)
    assert kept(ask(desk, again, "red dresses")[1]) == Slots(sizes=("M",))


def test_a_preference_changes_the_search_that_stands(desk: Desk, session: Session) -> None:
    ask(desk, session, "dresses in S")
    evidence, done = ask(desk, session, "I'm a size M")[1:]
    assert done.reply.startswith("From now on I keep to this: size M.")
    assert (kept(evidence), evidence.parts[0].slots.sizes) == (Slots(sizes=("M",)), ("M",))
    evidence = ask(desk, session, "I never wear red")[1]
    assert evidence.hits
    assert "red" not in {hit.item.colour for hit in evidence.hits}


@pytest.mark.parametrize(
    ("tell", "forget", "said"),
    [
        ("I'm a size M", "forget my size", "Forgotten: size M."),
        ("my budget is 50", "forget my budget", "Forgotten: under €50."),
        ("I never wear leather", "forget that I never wear leather", "Forgotten: no leather."),
        ("I wear men's", "forget my preferences", "Forgotten: for men."),
        ("hello", "forget my size", "There was no such preference to forget."),
    ],
)
def test_what_was_told_is_forgotten_on_demand(desk: Desk, session: Session, tell: str, forget: str, said: str) -> None:
    ask(desk, session, tell)
    assert ask(desk, session, forget)[2].reply == said
    assert desk.profiles.profile(session.keeper).is_empty


def test_preferences_are_told_when_asked_for(desk: Desk, session: Session) -> None:
    assert ask(desk, session, "what are my preferences?")[2].reply.startswith("You have told me no preferences yet.")
    for text in ("I'm a size M", "my shoe size is 42", "I never wear leather", "I wear men's", "my budget is 50"):
        ask(desk, session, text)
    assert ask(desk, session, "what are my preferences?")[2].reply.startswith(
        "In every search I keep to this: size M, size 42 in shoes, for men, no leather and under €50."
    )


def test_what_was_looked_at_is_forgotten_in_the_chat(desk: Desk, session: Session) -> None:
    desk.profiles.view(session.keeper, "A-001")
    assert ask(desk, session, "forget what I viewed")[2].reply == "Forgotten: everything you looked at."
    assert desk.profiles.viewed(session.keeper) == ()


def test_a_liking_is_not_kept_and_says_so(desk: Desk, session: Session) -> None:
    assert ask(desk, session, "I love red")[2].reply.startswith("I keep your sizes, a budget")
    ask(desk, session, "dresses")
    evidence, done = ask(desk, session, "I love red")[1:]
    assert {hit.item.colour for hit in evidence.hits} == {"red"}
    assert done.reply.startswith("I go by that in this search.")
    assert desk.profiles.profile(session.keeper).is_empty


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("forget everything about me", "clear"),
        ("show my preferences", "show"),
        ("I take a size 42", ""),
        ("I shop for men", ""),
    ],
)
def test_messages_about_oneself_are_preferences(shop: Shop, text: str, action: str) -> None:
    read = open_classifier(Settings(), "offline").read(Message(text), Session("x"), shop.catalog.vocabulary())
    assert (read.route, read.action) == ("preference", action)


def test_the_shelf_is_near_what_was_seen_and_shows_none_of_it(shop: Shop) -> None:
    assert shop.catalog.like_these([], 4) == ()
    assert shop.catalog.like_these(["gone", "A-000"], 4) == ()  # no picture to go by
