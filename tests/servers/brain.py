"""What the local servers answer when nobody scripts them: simple rules over the prompt, so that whole turns run."""

import json
import re

from tests.servers.wire import Ask, Json

NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}
GENDERS = {"women": "female", "woman": "female", "ladies": "female", "men": "male", "man": "male"}


def answer(ask: Ask) -> str:
    """An intent as JSON where JSON is wanted, else a short reply about the items in the prompt."""
    return json.dumps(_intent(ask)) if ask.wants_json or "one JSON object" in ask.system else _reply(ask)


def _intent(ask: Ask) -> Json:
    message = block(ask.text, "message").lower()
    words = [re.sub(r"[^\w-]", "", word) for word in message.split()]
    if words[:1] == ["thanks"]:
        return {"route": "thanks", "language": "en"}
    intent: Json = {"route": "search", "language": "en", "text": message}
    vocabulary = _vocabulary(block(ask.text, "shop"))
    intent["categories"] = _named(vocabulary.get("category", []), message)
    intent["colours"] = _named(vocabulary.get("colour", []), message)
    if " and " in message and len(intent["categories"]) > 1:
        intent["parts"] = [{"categories": [category], "count": 1} for category in intent["categories"]]
    if genders := [GENDERS[word] for word in words if word in GENDERS]:
        intent["gender"] = genders[0]
    if limit := re.search(r"under (\d+)", message):
        intent["price_max"] = int(limit[1])
    if counts := [NUMBERS.get(word, int(word) if word.isdigit() else 0) for word in words]:
        intent["count"] = next((n for n in counts if 0 < n < 10), None)
    if not intent["categories"] and "photo" in ask.text and ask.pictures:
        intent["route"] = "similar"
    return intent


def _reply(ask: Ask) -> str:
    rows = re.findall(r"^\[(\d+)\] ([^|\n]+)", block(ask.text, "items"), re.MULTILINE)
    if not rows:
        return "Nothing in the shop fits that. Shall I look for something close to it?"
    first = f"The {rows[0][1].strip()} [{rows[0][0]}] is the closest to what you asked for."
    if len(rows) == 1:
        return first
    return f"{first} [{rows[1][0]}] is a good second choice, and the other cards stay near it."


def block(text: str, name: str) -> str:
    """What stands between `<name>` and `</name>`, or ""."""
    found = re.search(rf"<{name}>\n?(.*?)\n?</{name}>", text, re.DOTALL)
    return found[1] if found else ""


def _vocabulary(text: str) -> dict[str, list[str]]:
    lines = (line.partition(": ") for line in text.splitlines())
    return {name: values.split(", ") for name, _, values in lines}


def _named(values: list[str], message: str) -> list[str]:
    plain = message.replace("-", "")
    stems = {value: re.sub(r"(es|s)$", "", value.lower().replace("-", "")) for value in values if value}
    found = [value for value, stem in stems.items() if re.search(rf"\b{re.escape(stem)}", plain)]
    # "Formal shoes" were said, not "Shoes".
    return [value for value in found if not any(stems[value] in stems[other] for other in found if other != value)]
