"""What a turn found as data that stands alone: every item as it was, so that nothing is read from today's catalogue."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from agents.events import Evidence, PartFound
from agents.intent_json import slots_from_json, standing_json
from agents.look import Look
from agents.record import choice_from_json, choice_json, filters_from_json, filters_json
from tools.item import Item
from tools.query import Hit

Images = Mapping[str, str]
"""Names of pictures in the shop, and what they are called in the recording."""


def evidence_snapshot(evidence: Evidence, images: Images) -> dict[str, Any]:
    """All of it but a photo's garments, which are in memory only, and the ways out that were taken already."""
    return {
        "parts": [_part(part, images) for part in evidence.parts],
        "facts": list(evidence.facts),
        "choices": [choice_json(choice) for choice in evidence.choices],
        "dropped": list(evidence.dropped),
        "put_back": choice_json(evidence.put_back) if evidence.put_back else None,
        "seen": list(evidence.seen),
        "look": evidence.look.to_json() if evidence.look else None,
    }


def evidence_from_snapshot(data: Mapping[str, Any]) -> Evidence:
    """Evidence as `evidence_snapshot` wrote it."""
    return Evidence(
        tuple(_part_from(part) for part in data["parts"]),
        tuple(data["facts"]),
        tuple(choice_from_json(choice) for choice in data["choices"]),
        tuple(data["dropped"]),
        choice_from_json(data["put_back"]) if data["put_back"] else None,
        tuple(data["seen"]),
        look=Look.from_json(data["look"]) if data["look"] else None,
    )


def images_of(evidence: Evidence) -> tuple[str, ...]:
    """The names of the pictures that its cards show."""
    return tuple(dict.fromkeys(hit.item.image for hit in evidence.hits if hit.item.image))


def _part(part: PartFound, images: Images) -> dict[str, Any]:
    return {
        "slots": standing_json(part.slots),
        "filters": filters_json(part.filters),
        "hits": [_hit(hit, images) for hit in part.hits],
        "n_matching": part.n_matching,
        "relaxed": list(part.relaxed),
        "photo_weight": part.photo_weight,
        "kept": standing_json(part.kept),
    }


def _hit(hit: Hit, images: Images) -> dict[str, Any]:
    variants = [_item(variant, {}) for variant in hit.variants]
    return {"item": _item(hit.item, images), "score": round(hit.score, 6), "why": hit.why, "variants": variants}


def _item(item: Item, images: Images) -> dict[str, Any]:
    """What is drawn of an item; what it says nothing about is left out."""
    told = asdict(replace(item, image=images.get(item.image, "")))
    return {name: value for name, value in told.items() if value not in ("", None, (), {}, [])}


def _part_from(data: Mapping[str, Any]) -> PartFound:
    return PartFound(
        slots_from_json(data["slots"]),
        filters_from_json(data["filters"]),
        tuple(_hit_from(hit) for hit in data["hits"]),
        data["n_matching"],
        tuple(data["relaxed"]),
        data["photo_weight"],
        kept=slots_from_json(data["kept"]),
    )


def _hit_from(data: Mapping[str, Any]) -> Hit:
    variants = tuple(_item_from(variant) for variant in data["variants"])
    return Hit(_item_from(data["item"]), data["score"], data["why"], variants)


def _item_from(data: Mapping[str, Any]) -> Item:
    return Item(**{**data, "category_path": tuple(data.get("category_path", ()))})
