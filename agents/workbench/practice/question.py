"""A prompt taken apart as a model sees it: fenced pieces of data, and rules that are there or not."""

import re


def fenced(text: str, name: str) -> str:
    """What stands between the tags of this name; "" where there are none, or where they hold "nothing"."""
    found = re.search(rf"<{name}>\n(.*?)\n?</{name}>", text, re.DOTALL)
    inner = found[1].strip() if found else ""
    return "" if inner == "nothing" else inner


def says(system: str, *patterns: str) -> bool:
    """Whether the rules hold all of these, wherever their lines were broken."""
    rules = " ".join(system.split())
    return all(re.search(pattern, rules, re.IGNORECASE) for pattern in patterns)
