"""The order of size labels: jsonb keeps them by length, people by how large they are."""

import re

_LETTERS = ("XXXS", "XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "XXXXL")
_SHORT = {"2XS": "XXS", "3XS": "XXXS", "2XL": "XXL", "3XL": "XXXL", "4XL": "XXXXL"}


def size_order(label: str) -> tuple[int, float, str]:
    """Sorting key: letters from small to large, then numbers, then anything else by its text."""
    plain = label.strip().upper()
    letters = _SHORT.get(plain, plain)
    if letters in _LETTERS:
        return (0, _LETTERS.index(letters), plain)
    number = re.search(r"\d+([.,]\d+)?", plain)
    if number:
        return (1, float(number.group().replace(",", ".")), plain)
    return (2, 0.0, plain)
