"""What a shopper might type to mean an item: its title, or some of its facets in many wordings."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tools.taxonomy import Taxonomy

# How often a facet that an item has is mentioned. The category is always there, by its own name or its department's.
MENTION = {"colour": 0.8, "gender": 0.6, "pattern": 0.5, "material": 0.3, "usage": 0.15, "brand": 0.15, "season": 0.05}
TITLE_SHARE = 0.5
DEPARTMENT_SHARE = 0.05
SYNONYM_SHARE = 0.3
TYPO_SHARE = 0.04
OPENING_SHARE = 0.1
OPENINGS = (
    "show me", "i am looking for", "i need", "do you have", "looking for a", "find me", "i want a", "any",
    "can you show me some", "search", "please find", "something like",
)  # fmt: skip
PEOPLE = {
    ("female", False): ("women", "woman", "ladies", "her", "my wife"),
    ("male", False): ("men", "man", "gents", "him", "my husband"),
    ("female", True): ("girls", "girl", "kids", "my daughter"),
    ("male", True): ("boys", "boy", "kids", "my son"),
    ("unisex", False): ("unisex", "everyone", "men and women"),
    ("unisex", True): ("kids", "children", "boys and girls"),
}
# How people's words stand before a noun; those that are not here do not.
POSSESSIVE = {
    "women": ("women", "women's", "womens"), "men": ("men", "men's", "mens"), "ladies": ("ladies", "ladies'"),
    "gents": ("gents",), "girls": ("girls", "girl's"), "boys": ("boys", "boy's"), "kids": ("kids", "kid's"),
    "unisex": ("unisex",), "children": ("children's",), "woman": ("female",), "man": ("male",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caption:
    """A text and the facets it names: every item with the same values of `facets` answers it."""

    text: str
    facets: tuple[str, ...]


def write_caption(words: Mapping[str, str], taxonomy: Taxonomy, rng: random.Random) -> Caption:
    """A random caption of an item, the same for the same state of `rng`; lower case."""
    if words["title"] and (not words["category"] or rng.random() < TITLE_SHARE):
        return Caption(spoil(drop_words(words["title"], rng), rng), ("title",))
    named, noun = pick_noun(words, taxonomy, rng)
    said: dict[str, str] = {}
    for facet, share in MENTION.items():
        if words[facet] and rng.random() < share * (0.3 if words[facet] == "solid" else 1.0):
            said[facet] = say(taxonomy, facet, words[facet], rng)
    people = ""
    if "gender" in said:
        people = rng.choice(PEOPLE.get((words["gender"], words["age_group"] not in ("", "adult")), ("",)))
        del said["gender"]
        named += ("gender", "age_group") if people else ()
    text = arrange(noun, said, people, rng)
    return Caption(spoil(text, rng), (*named, *said))


def pick_noun(words: Mapping[str, str], taxonomy: Taxonomy, rng: random.Random) -> tuple[tuple[str, ...], str]:
    """The facet that the noun stands for, and the noun in the singular or plural."""
    above = department(taxonomy, words["category"])
    if above and rng.random() < DEPARTMENT_SHARE:
        return ("department",), say(taxonomy, "category", above, rng).lower()
    noun = say(taxonomy, "category", words["category"], rng).lower()
    return ("category",), plural(noun) if rng.random() < 0.4 else noun


def department(taxonomy: Taxonomy, category: str) -> str:
    """The category right above, "" where the taxonomy knows none."""
    term = taxonomy.terms["category"].get(category)
    return term.under if term else ""


def say(taxonomy: Taxonomy, facet: str, value: str, rng: random.Random) -> str:
    """The value's own name, or now and then a synonym."""
    term = taxonomy.terms.get(facet, {}).get(value)
    return rng.choice(term.synonyms) if term and term.synonyms and rng.random() < SYNONYM_SHARE else value


def arrange(noun: str, said: Mapping[str, str], people: str, rng: random.Random) -> str:
    """Put the words in an order that people use: "red floral dress for women", "women's dress in red"."""
    colour = said.get("colour", "")
    before = [said[facet] for facet in ("brand", "usage", "season", "pattern", "material") if facet in said]
    if rng.random() < 0.3:
        rng.shuffle(before)
    after: list[str] = []
    if colour and rng.random() < 0.15:
        after.append(f"in {colour}")
    elif colour:
        before.insert(rng.randint(0, len(before)), colour)
    if people and (people not in POSSESSIVE or rng.random() < 0.55):
        after.append(f"for {people}")
    elif people:
        before.insert(0, rng.choice(POSSESSIVE[people]))
    text = " ".join([*before, noun, *after])
    return f"{rng.choice(OPENINGS)} {text}" if rng.random() < OPENING_SHARE else text


def plural(noun: str) -> str:
    """A plain English plural: "dresses", "scarves" is written "scarfs" as shoppers often do."""
    if noun.endswith(("ss", "sh", "ch", "x")):
        return noun + "es"
    if noun.endswith("s"):
        return noun
    return noun[:-1] + "ies" if re.search("[^aeiou]y$", noun) else noun + "s"


def drop_words(title: str, rng: random.Random) -> str:
    """The title, now and then without some of its words (at least two stay)."""
    words = title.split()
    if len(words) > 3 and rng.random() < 0.4:
        kept = [word for word in words if rng.random() > 0.2]
        words = kept if len(kept) >= 2 else words
    return " ".join(words)


def spoil(text: str, rng: random.Random) -> str:
    """Lower case; hyphens come and go; now and then one letter of a long word is mistyped."""
    text = text.lower()
    if "-" in text and rng.random() < 0.4:
        text = text.replace("-", rng.choice(("", " ")))
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) >= 5]
    if long and rng.random() < TYPO_SHARE:
        at = rng.choice(long)
        words[at] = mistype(words[at], rng)
    return " ".join(words)


def mistype(word: str, rng: random.Random) -> str:
    """The word with one letter left out, doubled or swapped with the next."""
    at = rng.randint(1, len(word) - 2)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
