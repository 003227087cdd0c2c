"""Personal text goes, the wish stays: both ways, with examples in five languages and with generated ones."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn

from agents.scrub import scrubbed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail me at anna.smith+shop@example.co.uk please", "mail me at (e-mail) please"),
        ("anna (at) example (dot) com", "(e-mail)"),
        ("I am @anna_smith on there", "I am (handle) on there"),
        ("see https://www.instagram.com/anna.smith/ for the look", "see (web address) for the look"),
        ("like on instagram.com/anna.smith", "like on (web address)"),
        ("my card 4111 1111 1111 1111, size 42", "my card (card number), size 42"),
        ("DE89 3704 0044 0532 0130 00 is my IBAN", "(bank account) is my IBAN"),
        ("call +44 20 7946 0958 about the coat", "call (phone number) about the coat"),
        ("my number is (212) 555-0123", "my number is (phone number)"),
        ("Handy: 0151 23456789, Größe 42", "Handy: (phone number), Größe 42"),
        ("appelez-moi au 06 12 34 56 78", "appelez-moi au (phone number)"),
        ("llámame al 612 345 678", "llámame al (phone number)"),
        ("我的电话是13812345678，要42码的鞋", "我的电话是(phone number)，要42码的鞋"),
        ("deliver to 12 Baker Street, London NW1 6XE", "deliver to (address), London (postcode)"),
        ("I live at 12 baker street", "I live at (address)"),
        ("ich wohne Lindenstraße 14, 10969 Berlin", "ich wohne (address), (postcode) Berlin"),
        ("j'habite 24 rue de la République", "j'habite (address)"),
        ("vivo en Calle de Alcalá 45", "vivo en (address)"),
        ("寄到中山路128号", "寄到(address)"),
        ("My name is Anna Smith and I want jeans", "My name is (name) and I want jeans"),
        ("my name is anna smith i want jeans", "my name is (name) i want jeans"),
        ("Hi, I'm Anna, a red dress please", "Hi, I'm (name), a red dress please"),
        ("Ich heiße Jörg von der Heide, suche Schuhe", "Ich heiße (name), suche Schuhe"),
        ("je m'appelle Élodie et je cherche une robe", "je m'appelle (name) et je cherche une robe"),
        ("me llamo José García, busco botas", "me llamo (name), busco botas"),
        ("我叫王小明，想买一件外套", "我叫(name)，想买一件外套"),
        ("A coat for Frau Müller", "A coat for Frau (name)"),
        ("a blue shirt. Regards, Anna", "a blue shirt. Regards, (name)"),
    ],
)
def test_what_tells_of_a_person_is_replaced_and_the_rest_stays(text: str, expected: str) -> None:
    assert scrubbed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "size 42, under 1,299.00 EUR",
        "unter 1 299,00 € bitte, Größe 42",
        "1990s jacket, spring 2019-2024",
        "iPhone 15 case",
        "SKU 4006381333931 in black",
        "article 612345678 please",
        "D-1234567-XL",
        "between 1000000 and 20000000 dollars",
        "501 jeans 32/34, W32 L34",
        "I'm looking for a red dress",
        "i am tall, 185 cm, 82 kg",
        "this is nice, more like it",
        "call me when it is back in stock",
        "a Verlobungsring 56 and a Goldring 58",
        "2 shirts L2 2XL",
        "Dr. Martens 1460 boots, Mr Porter",
        "high street style, 3 for 20",
        "3 dresses for the road",
        "my name is on the shirt, Miss Sixty jeans",
        "zara.com has nicer ones",
        "5 EUR or less, 10 x 15 x 20 cm",
        "Levi's 501 Original, Nike Air Max 90",
        "一件42码的红色大衣，500元以下",
        "我想要红色的鞋",
        "Sneaker in 42 2/3, 100% Baumwolle, 120 den",
        "black or white? 12345",
    ],
)
def test_prices_sizes_years_and_articles_survive(text: str) -> None:
    assert scrubbed(text) == text


_BEFORE = st.sampled_from(["", "a red dress, ", "size 42 and ", "bitte an ", "pour moi : "])
_AFTER = st.sampled_from(["", " please", ", thank you", " in black"])
_USER = st.from_regex(r"[a-z][a-z0-9]{0,8}([._+-][a-z0-9]{1,6})?", fullmatch=True)
_HOST = st.from_regex(r"[a-z]{2,9}\.(com|de|co\.uk|fr|es|cn)", fullmatch=True)


@settings(deadline=None, max_examples=60)
@given(_BEFORE, _USER, _HOST, _AFTER)
def test_every_mail_address_goes(before: str, user: str, host: str, after: str) -> None:
    assert scrubbed(f"{before}{user}@{host}{after}") == f"{before}(e-mail){after}"


@settings(deadline=None, max_examples=60)
@given(_BEFORE, st.from_regex(r"[3-6][0-9]{14}", fullmatch=True), st.sampled_from(["", " ", "-"]), _AFTER)
def test_every_card_number_goes(before: str, payload: str, gap: str, after: str) -> None:
    digits = payload + luhn.calc_check_digit(payload)
    card = gap.join(digits[at : at + 4] for at in range(0, 16, 4))
    assert scrubbed(f"{before}{card}{after}") == f"{before}(card number){after}"


@settings(deadline=None, max_examples=60)
@given(_BEFORE, st.from_regex(r"[0-9]{18}", fullmatch=True), st.booleans(), _AFTER)
def test_every_german_account_goes(before: str, payload: str, is_grouped: bool, after: str) -> None:
    account = f"DE{iban.calc_check_digits('DE00' + payload)}{payload}"
    account = " ".join(account[at : at + 4] for at in range(0, 22, 4)) if is_grouped else account
    assert scrubbed(f"{before}{account}{after}") == f"{before}(bank account){after}"


_REGIONS = st.sampled_from(["DE", "GB", "US", "FR", "ES", "CN"])
_FORMATS = st.sampled_from([phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164])


@settings(deadline=None, max_examples=60)
@given(_BEFORE, _REGIONS, st.integers(0, 99), _FORMATS, _AFTER)
def test_every_phone_number_with_its_country_goes(before: str, region: str, more: int, form: int, after: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert example is not None
    assert example.national_number is not None
    example.national_number = example.national_number // 100 * 100 + more
    assert scrubbed(f"{before}{phonenumbers.format_number(example, form)}{after}") == f"{before}(phone number){after}"


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 9_999_999),
    st.sampled_from(["{:,.2f} EUR", "€{:,.2f}", "{} USD", "under {} €", "size {}", "SKU {}", "{} euros", "¥{}"]),
    st.integers(1900, 2030),
)
def test_no_price_size_year_or_article_goes(number: int, form: str, year: int) -> None:
    text = f"{form.format(number)} from {year}, blue"
    assert scrubbed(text) == text


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=80))
def test_scrubbing_twice_is_scrubbing_once(text: str) -> None:
    assert scrubbed(scrubbed(text)) == scrubbed(text)
