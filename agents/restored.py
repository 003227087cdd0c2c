"""What a stored turn had found, read again: the rows of today under the numbers of that turn."""

from collections.abc import Iterable, Mapping
from typing import Any

from agents.events import Evidence, PartFound
from agents.intent_json import slots_from_json
from agents.record import choice_from_json, filters_from_json
from tools.catalog import Catalog
from tools.item import Item
from tools.query import Hit

Groups = Mapping[str, tuple[Item, tuple[Item, ...]]]
"""An item by its SKU, with the others of its group."""
_GONE = "No longer here"


def groups_of(records: Iterable[Mapping[str, Any]], catalog: Catalog) -> Groups:
    """The items that these turns showed, as far as they are still in the catalogue."""
    skus = {hit["sku"] for record in records for part in record["parts"] for hit in part["hits"]}
    return {item.sku: (item, _others(item, catalog)) for item in catalog.items(sorted(skus))}


def _others(item: Item, catalog: Catalog) -> tuple[Item, ...]:
    return tuple(other for other in catalog.variants(item.sku) if other.sku != item.sku)


def restored_evidence(record: Mapping[str, Any], groups: Groups) -> Evidence:
    """What was found. A turn stored before there was anything to press has nothing to press."""
    put_back = record.get("put_back")
    return Evidence(
        tuple(_part(part, groups) for part in record["parts"]),
        tuple(record["facts"]),
        tuple(choice_from_json(choice) for choice in record.get("choices", ())),
        tuple(record.get("dropped", ())),
        choice_from_json(put_back) if put_back else None,
        tuple(record.get("seen", ())),
    )


def _part(part: Mapping[str, Any], groups: Groups) -> PartFound:
    hits = tuple(_hit(hit, groups) for hit in part["hits"] if hit["sku"] in groups or "title" in hit)
    filters = filters_from_json(part.get("filters", {}))
    return PartFound(
        slots_from_json(part["slots"]),
        filters,
        hits,
        part["n_matching"],
        tuple(part["relaxed"]),
        kept=slots_from_json(part.get("kept", {})),
    )


def _hit(hit: Mapping[str, Any], groups: Groups) -> Hit:
    if hit["sku"] not in groups:
        return Hit(Item(hit["sku"], hit["title"], _GONE, availability="out_of_stock"), hit["score"])
    item, others = groups[hit["sku"]]
    return Hit(item, hit["score"], hit["why"], others, hit.get("placed", ""))
