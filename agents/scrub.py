"""Personal text taken out of what shoppers wrote: a word in brackets stands where it was, and the wish stays readable.

What has a form is found by its form and its check digits: addresses of mail and web, bank accounts, cards, phones.
Names, streets and postcodes are found by the words around them (`agents.scrub_words`); a name that nothing introduces
stays. Prices, sizes, years, article numbers and brands survive.
"""

import re

from phonenumbers import Leniency, PhoneNumberMatch, PhoneNumberMatcher
from stdnum import iban, luhn

from agents.scrub_words import without_names, without_places

_E_MAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%'-]+(?:@|\s?[(\[{]\s?(?:at|ät|arroba|chez)\s?[)\]}]\s?)"
    r"(?:[\w-]+(?:\.|\s?[(\[{]\s?(?:dot|punkt|point|punto)\s?[)\]}]\s?))+[^\W\d_]{2,}",
    re.IGNORECASE,
)
# The name of a shop's site is no secret; whatever follows it may be.
_WEB = re.compile(
    r"(?:https?://|www\.)[^\s/?#]+[/?#][^\s<>\"']+|https?://[^\s/@]+@[^\s<>\"']+"
    r"|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:com|net|org|me|io|de|fr|es|cn|uk|eu|at|ch|be)/[^\s<>\"']+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@])@[A-Za-z_][\w.]{2,}")
_ACCOUNT = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])", re.ASCII)
# With a slip in it the check digits are wrong, yet it stands in groups of four as people copy it.
_LIKE_ACCOUNT = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?: [A-Z\d]{4}| \d{4}){3,7}(?: \d{1,3})?(?![^\W_])")
_DIGIT_RUN = re.compile(r"(?<![\w+])\d(?:[ -]?\d){13,18}(?!\w)")
_CARD_STARTS = tuple("23456")

# A number with its country is one everywhere; without, it is read as the countries of the five languages write theirs.
_REGIONS = ("DE", "GB", "US", "FR", "ES", "CN", "AT", "CH", "MX")
_MIN_PHONE_DIGITS = 7
_CALLED = re.compile(
    r"(?:phone|telephone|tel\.?|call|mobile|cell|text|whatsapp|telefon|handy|mobil|ruf\w*|téléphone|portable|appel\w*"
    r"|teléfono|móvil|llam\w*|电话|手机|微信)\W{0,3}(?:number|nummer|numéro|número|号码?|me|mich|moi|at|on|under|unter"
    r"|is|ist|est|es|是|:|au|al|\W)*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:sku|article|artikel|item|ref|réf|reference|model|modell|modelo|product|order|ean|gtin|no|nr|nº|n°|货号|#)"
    r"[\s.:#-]*(?:number|nummer|nr|no)?[\s.:#-]*$",
    re.IGNORECASE,
)
_MONEY_AFTER = re.compile(r"\s?(?:€|\$|£|¥|元|块|eur|usd|gbp|chf|cny|yen|euro|dollar|pound)", re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"(?:€|\$|£|¥|eur|usd|gbp|chf|cny)\s?$", re.IGNORECASE)
_BARE_CALLED = re.compile(r"(?<![\w+])\d(?:[ ./-]?\d){5,14}(?!\w)")
_WRITTEN_LIKE_A_PHONE = re.compile(
    r"\(?0\d|\(\d{3}\)|1?[ .-]?\d{3}[ .-]\d{3}[ .-]\d{4}$|[6-9]\d\d?(?:[ .-]\d{2,3}){2,3}$|1[3-9]\d(?:[ -]?\d{4}){2}$"
)


def scrubbed(text: str) -> str:
    """`text` with words in brackets in place of personal ones; scrubbing again changes nothing more."""
    for pattern, word in ((_E_MAIL, "(e-mail)"), (_WEB, "(web address)"), (_HANDLE, "(handle)")):
        text = pattern.sub(word, text)
    text = _LIKE_ACCOUNT.sub("(bank account)", _ACCOUNT.sub(_without_account, text))
    text = _DIGIT_RUN.sub(lambda found: "(card number)" if _is_card(found[0]) else found[0], text)
    text = _without_phones(text)
    return without_names(without_places(text))


def _without_account(found: re.Match[str]) -> str:
    """The word for an IBAN, told by its check digits, and the words that may follow it; else all as it was."""
    whole = found[0]
    for end in range(len(whole), 14, -1):
        if not whole[end : end + 1].isalnum() and iban.is_valid(whole[:end]):
            return f"(bank account){whole[end:]}"
    return whole


def _is_card(found: str) -> bool:
    digits = re.sub(r"\D", "", found)
    return digits.isascii() and digits.startswith(_CARD_STARTS) and luhn.is_valid(digits)


def _without_phones(text: str) -> str:
    if sum(map(str.isdigit, text)) < _MIN_PHONE_DIGITS - 1:
        return text
    for start, end in reversed(_phone_spans(text)):
        text = f"{text[:start]}(phone number){text[end:]}"
    return text


def _phone_spans(text: str) -> list[tuple[int, int]]:
    """Where phone numbers stand, in order and apart from each other."""
    found = [
        (match.start, match.end)
        for region in _REGIONS
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID)
        if _is_phone(match, text)
    ]
    found += [
        (match.start, match.end)
        for match in PhoneNumberMatcher(text, "ZZ", leniency=Leniency.POSSIBLE)
        if not _is_amount_or_article(text, match.start, match.end)
    ]
    found += [match.span() for match in _BARE_CALLED.finditer(text) if _CALLED.search(text[: match.start()])]
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _is_phone(match: PhoneNumberMatch, text: str) -> bool:
    """Whether a number that some country would dial is meant as one: a bare run of digits is more often an article."""
    if sum(map(str.isdigit, match.raw_string)) < _MIN_PHONE_DIGITS:
        return False
    if _CALLED.search(text[: match.start]):
        return True
    if _is_amount_or_article(text, match.start, match.end):
        return False
    return match.raw_string.startswith("+") or bool(_WRITTEN_LIKE_A_PHONE.match(match.raw_string))


def _is_amount_or_article(text: str, start: int, end: int) -> bool:
    before = text[:start]
    return bool(_MONEY_AFTER.match(text, end) or _MONEY_BEFORE.search(before) or _NUMBERED.search(before))
