"""How the page puts data into words: money, facets, filters; and how words of others are made safe to draw."""

import re
from dataclasses import dataclass
from html import escape

from tools.item import Item
from tools.money import format_price
from tools.taxonomy import Taxonomy

# Everything that Streamlit's Markdown gives a meaning to, `$` (LaTeX) and `:` (icons, colours) included.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")

# Words, money, and signs that mean nothing inside a line.
_HARMLESS = re.compile(r"[^\W_](?:[^\W_]|[ €£,'’-]|\.(?=\d)|:(?= ))*")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the shop calls things: `locale` decides how money is written, `taxonomy` the words of facets."""

    locale: str
    taxonomy: Taxonomy

    def money(self, cents: int, currency: str) -> str:
        """An amount of minor units in the locale's form; a bare number where the currency is not known."""
        return format_price(cents, currency, self.locale) if currency else f"{cents / 100:.2f}"

    def limit(self, cents: int, currency: str) -> str:
        """An amount a shopper named as a limit: without empty decimals."""
        shown = self.money(cents, currency)
        return re.sub(r"[.,]00(?!\d)", "", shown)

    def category(self, name: str) -> str:
        """A category within a sentence: "formal shoes", but "T-shirt"."""
        return name if name[1:2] == "-" else name.lower()

    def who(self, gender: str, age_group: str = "") -> str:
        """Who something is for ("for women"), or "" where nobody is meant in particular."""
        label = self.taxonomy.label(gender, age_group)
        return f"for {label}" if label else ""


def markdown_text(text: str) -> str:
    """`text` for the label of a Streamlit widget, which would read it as Markdown: every sign stands for itself."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def plain_label(text: str) -> str:
    """`text` for a label that is also read out as it is: without signs to escape where none of it is Markdown."""
    return text if _HARMLESS.fullmatch(text) else markdown_text(text)


def html_text(text: str) -> str:
    """`text` for HTML, inside elements and quoted attributes."""
    return escape(text, quote=True)


def sentence(text: str) -> str:
    """An error's text as a sentence: errors begin in lower case and end without a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def picture_alt(item: Item, wording: Wording) -> str:
    """What a picture shows, for those who do not see it: from facets, not from the title's flourish."""
    facets = (
        item.colour,
        item.pattern if item.pattern != "solid" else "",
        item.material,
        wording.category(item.category),
    )
    seen = " ".join(facet for facet in facets if facet)
    told = f"{seen} {wording.who(item.gender, item.age_group)}".strip()
    return told[:1].upper() + told[1:]
