"""What the page makes of data: chips, cards, replies, and that nobody's text becomes markup."""

from dataclasses import replace

import pytest

from agents.events import Evidence, IntentRead, ItemsFound, PartFound, ReplyToken, TurnDone
from agents.intent import Intent, Slots
from app_pages.cards import card_html, price_html, sizes_html
from app_pages.chips import Chip, chips_html, chips_of
from app_pages.found import filter_words, found_html
from app_pages.reply import reply_html
from app_pages.turn import cards_state, ending_lines, wanted
from app_pages.turn_view import TurnView
from app_pages.wording import Wording, markdown_text, picture_alt, plain_label
from tests.small_catalog import small_items
from tools.item import Item
from tools.query import Filters, Hit
from tools.taxonomy import load_taxonomy

NASTY = '<img src=x onerror="alert(1)"> $x$ :red[_a_] & `b`'


@pytest.fixture
def wording() -> Wording:
    return Wording("en", load_taxonomy())


def item(**changes: object) -> Item:
    return replace(small_items()[2], **changes)  # type: ignore[arg-type]


def test_chips_say_what_was_understood_in_a_shoppers_words(wording: Wording) -> None:
    slots = Slots(
        categories=("T-shirt",),
        count=3,
        count_said=True,
        colours=("navy",),
        gender="female",
        age_group="kids",
        sizes=("M",),
        price_min_cents=1_050,
        price_max_cents=3_000,
        currency="EUR",
        sort="price_asc",
        exclude={"material": ("leather",), "colour": ("red",)},
        attributes={"season": ("summer",)},
        soft=("cosy",),
    )
    chips = chips_of([slots], wording)[0]
    assert [chip.text for chip in chips] == [
        "3 items", "T-shirt", "for girls", "navy", "size M", "for summer", "€10.50 to €30", "cheapest first",
        "not leather", "not red", "cosy",
    ]  # fmt: skip
    assert [chip.kind for chip in chips][-3:] == ["not", "not", "soft"]
    assert chips[3].swatch == load_taxonomy().hex("navy")


def test_a_number_the_shopper_did_not_say_is_no_chip(wording: Wording) -> None:
    assert chips_of([Slots(count=2, categories=("Dress",)), Slots()], wording) == ((Chip("Dress"),),)


@pytest.mark.parametrize(("locale", "price"), [("en", "€19.00"), ("de_DE", "19,00\xa0€"), ("fr_FR", "19,00\xa0€")])
def test_prices_are_written_as_the_locale_writes_money(locale: str, price: str) -> None:
    assert price in price_html(item(price_cents=1900, sale_price_cents=None), Wording(locale, load_taxonomy()))


def test_a_sale_price_stands_before_the_struck_old_one(wording: Wording) -> None:
    drawn = price_html(item(price_cents=2500, sale_price_cents=1900), wording)
    assert drawn.index("€19.00") < drawn.index("<s>") < drawn.index("€25.00")


def test_an_unknown_price_is_not_zero(wording: Wording) -> None:
    drawn = price_html(item(price_cents=None, sale_price_cents=None), wording)
    assert "no price given" in drawn
    assert "0" not in drawn


def test_only_sizes_in_stock_are_listed() -> None:
    assert "S · L" in sizes_html(item(sizes={"S": 1, "M": 0, "L": None}))
    assert "sold out" in sizes_html(item(sizes={"S": 0, "M": 0}))
    assert "sold out" in sizes_html(item(sizes={"S": 3}, availability="out_of_stock"))


def test_a_picture_is_described_by_its_facets(wording: Wording) -> None:
    shown = item(colour="red", material="cotton", pattern="striped", category="T-shirt", gender="female")
    assert picture_alt(shown, wording) == "Red striped cotton T-shirt for women"


def test_text_of_the_catalogue_never_becomes_markup(wording: Wording) -> None:
    nasty = item(title=NASTY, brand=NASTY, colour=NASTY, material=NASTY, image=NASTY, sizes={NASTY: 1, "S": 2})
    drawn = card_html(1, 1, Hit(nasty, 0.5, NASTY), wording)
    assert "<img src=x" not in drawn
    assert 'onerror="' not in drawn
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; $x$ :red[_a_] &amp; `b`" in drawn


def test_text_of_the_shopper_and_of_a_model_never_becomes_markup(wording: Wording) -> None:
    drawn = reply_html(NASTY, 1, ()) + chips_html(chips_of([Slots(soft=(NASTY,))], wording))
    view = TurnView(1, done=TurnDone(NASTY, failures=(NASTY,), backends={NASTY: NASTY}), intent=Intent("help"))
    drawn += "".join(ending_lines(view)) + found_html(view, wording)
    assert "<img" not in drawn


def test_a_widgets_label_shows_every_sign_as_it_is() -> None:
    assert markdown_text("$5 *or*\n:red[six]") == r"\$5 \*or\* \:red\[six\]"


def test_a_label_that_is_read_out_has_no_signs_of_its_own_where_none_are_needed() -> None:
    assert plain_label("Change: under €10.50") == "Change: under €10.50"
    assert plain_label("Change: T-shirt") == "Change: T-shirt"
    for nasty in ("Change: :red[x]", "Change: *x*", "Change: $5 or $6", "1. x_y_", "Change: <b>"):
        assert plain_label(nasty) == markdown_text(nasty)


def test_handles_lead_to_their_cards_with_the_title_at_first_mention() -> None:
    hits = (Hit(item(title="Cove shirt & tie"), 0.5), Hit(item(title="Birch belt"), 0.4))
    drawn = reply_html("[2] is new. So is [1]; [2] again, [9] not.\n\nBye.", 7, hits)
    assert 'href="#card-7-2" title="Birch belt" aria-label="2, Birch belt"><b>2</b>\u2060Birch belt</a> is new' in drawn
    assert "<b>1</b>\u2060Cove shirt &amp; tie</a>" in drawn
    assert "<b>2</b></a> again" in drawn
    assert "[9] not.</p><p>Bye.</p>" in drawn


def test_a_title_is_not_repeated_where_the_sentence_already_names_the_item() -> None:
    hits = (Hit(item(title="Cove linen shirt"), 0.5),)
    assert "The linen shirt <a" in reply_html("The linen shirt [1] is light.", 1, hits)
    assert "<b>1</b></a> is light" in reply_html("The linen shirt [1] is light.", 1, hits)


def test_half_a_handle_is_not_shown_while_it_arrives() -> None:
    assert reply_html("Look at [1", 1, (), is_streaming=True).endswith("<p>Look at</p></div>")


def test_filters_are_told_in_words(wording: Wording) -> None:
    filters = Filters(
        facets={"colour": ("black", "navy"), "gender": ("female",)},
        exclude={"material": ("leather",)},
        price_max_cents=3000,
        currency="EUR",
        in_stock=True,
        exclude_skus=("a", "b"),
    )
    assert list(filter_words(filters, wording)) == [
        "colour black or navy", "gender women", "not leather", "at most €30", "in stock", "not the 2 shown before",
    ]  # fmt: skip


def test_how_it_was_found_tells_limits_counts_backends_and_times(wording: Wording) -> None:
    part = PartFound(Slots(), Filters(facets={"colour": ("red",)}), (Hit(item(), 0.5),), 41)
    done = TurnDone("Yes.", (), {"classifier": "offline rules 1"}, {"assistant": "3"}, {"intent": 2.0, "total": 9.6})
    view = TurnView(1, intent=Intent("search", text="red dress"), evidence=Evidence((part,)), done=done)
    drawn = found_html(view, wording)
    for told in (
        "“red dress”",
        "colour red",
        "41 items within the limits, the best 1 shown",
        "offline rules 1",
        "10 ms",
    ):
        assert told in drawn
    assert "Prompt “assistant”</dt><dd>3" in drawn


def test_a_view_folds_the_events_of_a_turn() -> None:
    part = PartFound(Slots(colours=("red",)), Filters(), (Hit(item(), 0.5),), 1)
    view = TurnView(1, "red dress")
    assert cards_state(view) == "waiting"
    view = view.after(IntentRead(Intent("search", Slots(categories=("Dress",))), "offline"))
    assert wanted(view) == (Slots(categories=("Dress",)),)
    view = view.after(ItemsFound(Evidence((part,))))
    assert (cards_state(view), wanted(view)) == ("cards", (Slots(colours=("red",)),))
    view = view.after(ReplyToken("One ")).after(ReplyToken("[9] draft"))
    assert (view.reply, view.has_ended) == ("One [9] draft", False)
    view = view.after(TurnDone("One dress."))
    assert (view.reply, view.has_ended) == ("One dress.", True)


def test_no_cards_are_promised_where_an_answer_is_words() -> None:
    assert cards_state(TurnView(1, "hi", intent=Intent("small_talk"))) == "none"


def test_a_reply_says_which_language_it_is_in() -> None:
    assert reply_html("Gern.", 1, (), language="de") == '<div class="v-reply" lang="de"><p>Gern.</p></div>'
    assert reply_html("Gern.", 1, ()) == '<div class="v-reply"><p>Gern.</p></div>'
