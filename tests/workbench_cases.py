"""A small test set over the 48 small items, and prompts with something planted in them."""

from dataclasses import replace

from agents.prompt import Prompt, load_prompt
from agents.workbench.run_book import RunBook
from agents.workbench.variants import Variant
from agents.workbench.versions import KnownVersions
from agents.workbench.worker import RunWorker
from env.roles import EVERYTHING
from tools.shop import Shop
from tools.store_cases import CaseRow

SHIPPED = KnownVersions({})
COLOURS = ("red", "blue", "green", "black", "white", "yellow")
KINDS = (("dresses", "Dress"), ("T-shirts", "T-shirt"), ("belts", "Belt"), ("sneakers", "Sneakers"))


def colour_cases() -> list[CaseRow]:
    """24 searches by colour and kind, each with its whole intent."""
    return [
        CaseRow(
            id=f"{colour}-{category}",
            message=f"{colour} {words}",
            expected={"route": "search", "language": "en", "categories": [category], "colours": [colour], "count": 2}
            if category != "Sneakers"
            else {"route": "search", "language": "en", "categories": [category], "colours": [colour]},
            is_whole=True,
        )
        for words, category in KINDS
        for colour in COLOURS
    ]


def edited(name: str, version: str, *changes: tuple[str, str]) -> Prompt:
    """The shipped prompt with words replaced in its rules."""
    prompt = load_prompt(name)
    system = prompt.template["system"]
    for old, new in changes:
        assert old in system, old
        system = system.replace(old, new)
    return replace(prompt, version=version, template={**prompt.template, "system": system})


def may_write_prices() -> Prompt:
    """The assistant's prompt without its rule against prices of its own."""
    return edited("assistant", "prices", ("Never write a price, a size, a stock or a title yourself.", ""))


def may_guess() -> Prompt:
    """The classifier's prompt without its rule against guessing."""
    return edited("classifier", "guesses", ("; never guess a limit that was not said", ""))


def known(*prompts: Prompt) -> KnownVersions:
    """The shipped versions and these."""
    return KnownVersions({(prompt.name, prompt.version): prompt for prompt in prompts})


def practice(label: str, **prompts: str) -> Variant:
    """A variant of the practice model."""
    return Variant(label, prompts, classifier="practice", assistant="practice")


def run_all(shop: Shop, versions: KnownVersions, variants: list[Variant], cases: list[CaseRow]) -> tuple[RunBook, int]:
    """Run to the end in this thread."""
    book = RunBook.of(shop.database, shop.settings, versions)
    run_id = book.start(EVERYTHING, variants, cases)
    RunWorker(shop, versions).work()
    return book, run_id
