"""A shop's own cases: what its shoppers ask and which items are right, one JSON object a line."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from env.errors import FeedError
from evals.retrieval_figures import Asked, Figure
from evals.retrieval_gallery import Bench
from tools.filter_words import parse_filters
from tools.query import PHOTO_WEIGHT, Hit, Query

CASES = "the shop's own cases"
_PAGE = 10


class Case(BaseModel):
    """One case. `text` and `photo_of` (a SKU, whose picture is shown) may both be given, one of them must.

    `filters` are written as on the command line: "colour=navy", "price_max=30", "brand!=Cove". `relevant` are the SKUs
    that answer it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = ""
    photo_of: str = ""
    photo_weight: float = PHOTO_WEIGHT
    avoid: str = ""
    filters: tuple[str, ...] = ()
    relevant: tuple[str, ...]

    @model_validator(mode="after")
    def _asks(self) -> "Case":
        if not (self.text or self.photo_of):
            raise ValueError("a case needs text or photo_of")
        if not self.relevant:
            raise ValueError("a case needs at least one relevant SKU")
        return self


def own_cases(bench: Bench, file: Path) -> list[Figure]:
    """Whether a right item stands first, recall at 10 out of min(10, number of right items), and 1 / rank.

    Another variant of a right item's design counts as right.

    Raises:
        FeedError: a line is no case, or shows the photo of an item that is not in the catalogue.
        FilterError: a filter is not known.
    """
    cases = read_cases(file)
    pages = [[is_right(hit, frozenset(case.relevant)) for hit in _search(bench, case)] for case in cases]
    asked = Asked(CASES, bench.gallery.name, "as the shop searches")
    return asked.pages(pages, [len(case.relevant) for case in cases])


def is_right(hit: Hit, relevant: frozenset[str]) -> bool:
    """Whether a card shows a right item, itself or among its variants."""
    return hit.item.sku in relevant or any(other.sku in relevant for other in hit.variants)


def read_cases(file: Path) -> list[Case]:
    """The cases of a file, empty lines left out."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise FeedError(f"cannot read the cases {str(file)!r}: {error.strerror}") from error
    cases = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cases.append(Case.model_validate_json(line))
        except ValidationError as error:
            told = error.errors()[0]
            place = ".".join(map(str, told["loc"])) or "the line"
            raise FeedError(f"{str(file)!r} line {number}: {place}: {told['msg']}; see docs/evaluation.md") from error
    return cases


def _search(bench: Bench, case: Case) -> Sequence[Hit]:
    catalog, settings = bench.shop.catalog, bench.shop.settings
    query = Query(
        text=case.text,
        photo=_photo(bench, case.photo_of) if case.photo_of else None,
        filters=parse_filters(case.filters, catalog.vocabulary(), settings.currency),
        top_k=_PAGE,
        photo_weight=case.photo_weight,
        avoid=case.avoid,
    )
    return catalog.search(query).hits


def _photo(bench: Bench, sku: str) -> Image.Image:
    found = bench.shop.catalog.items([sku])
    if not found:
        raise FeedError(f"a case shows the photo of {sku!r}, which is not in the catalogue")
    return bench.shop.pictures.open(found[0].image)
