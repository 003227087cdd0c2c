"""Titles and descriptions, put together from the shop's wording."""

from random import Random

from ingest.demo.designs import Brand, Design, wording


def entitle(form: int, model: str, noun: str, material: str, audience: str, variant: tuple[str, str]) -> str:
    """An item's title; `form` picks the way its group words titles, `variant` is (pattern, colour)."""
    words = wording()
    pattern = words.patterns.get(variant[0], "")
    said = noun.lower()
    title = words.titles[form % len(words.titles)].format(
        model=model,
        pattern="" if pattern and pattern in said else pattern,
        material="" if material in said or (material == "denim" and "jeans" in said) else material,
        noun=noun,
        colour=variant[1],
        who=words.who[audience],
    )
    title = " ".join(title.split()).replace(" ,", ",").replace(" in,", ",").replace(":,", ",")
    return title[0].upper() + title[1:]


def describe(design: Design, brand: Brand, material: str, usage: str, form: int) -> str:
    """One to three sentences: what it is, what it is made of, when to wear it or who makes it."""
    words, rng = wording(), Random(form)
    sentences = [rng.choice(design.about)]
    extra = [rng.choice(words.made_of[material]), rng.choice(words.wear[usage]), brand.line]
    return " ".join(sentences + rng.sample(extra, rng.choice((0, 1, 1, 2, 2))))
