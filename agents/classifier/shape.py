"""The shape a model answers in, read leniently: single values for lists and null for absent are fine."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from agents.intent import ROUTES


def _listed(value: object) -> object:
    if value is None:
        return []
    return [value] if isinstance(value, str | int | float) else value


def _as_pairs(value: object) -> object:
    """{"material": ["leather"]} as well as [{"facet": "material", "values": ["leather"]}]."""
    if isinstance(value, Mapping):
        return [{"facet": facet, "values": values} for facet, values in value.items()]
    return [] if value is None else value


# A schema with a pattern for decimals would be asked of the model as text.
Amount = Annotated[Decimal, WithJsonSchema({"type": "number"})]
# The schema bounds lists, since a small model may go on for ever; a longer answer is still read.
_BOUND: JsonDict = {"maxItems": 8}
Words = Annotated[list[str], BeforeValidator(_listed), Field(json_schema_extra=_BOUND)]


class FacetShape(BaseModel):
    """Values of one facet. A list of these, because strict schemas allow no free keys."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    facet: str
    values: Words


Facets = Annotated[list[FacetShape], BeforeValidator(_as_pairs), Field(json_schema_extra=_BOUND)]


class SlotsShape(BaseModel):
    """What is wanted of one kind of item. Prices are amounts in whole currency units, as they are said."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    categories: Words = []
    count: int | None = None
    several: bool | None = None
    colours: Words = []
    gender: str | None = None
    age_group: str | None = None
    brands: Words = []
    sizes: Words = []
    price_min: Amount | None = None
    price_max: Amount | None = None
    currency: str | None = None
    sort: str | None = None
    attributes: Facets = []
    exclude: Facets = []
    soft: Words = []


class IntentShape(SlotsShape):
    """A whole message."""

    route: str = Field(json_schema_extra={"enum": list(ROUTES)})
    language: str | None = None
    references: Words = []
    cleared: Words = []
    action: str | None = None
    parts: Annotated[list[SlotsShape], Field(json_schema_extra=_BOUND)] | None = None
