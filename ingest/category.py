"""Which category a row belongs to: the feed's own words first, its title where they say too little."""

from ingest.cleaning import clean_line
from ingest.row import RawRow
from tools.taxonomy import Taxonomy

UNKNOWN = "Other"
MAX_CATEGORY_CHARS = 100
_MAX_WORDS = 3


def find_category(raw: RawRow, taxonomy: Taxonomy) -> tuple[str, tuple[str, ...]]:
    """Give a row's category and the path to it, from the widest parent.

    The most specific candidate that the taxonomy knows wins, departments ("Shoes") last. Where none is known the
    feed's most specific word becomes a category of its own, below the narrowest department the row names.
    """
    words = [word for told in raw.categories if (word := clean_line(told, MAX_CATEGORY_CHARS))]
    known = [name for word in words if (name := taxonomy.canonical("category", word))]
    departments = set(taxonomy.departments)
    leaf = next((name for name in known if name not in departments), "")
    if not leaf and raw.title_tells_category:
        leaf = _of_title(clean_line(raw.title, 300), taxonomy, departments)
    if leaf:
        return leaf, taxonomy.category_path(leaf)
    if known and taxonomy.canonical("category", words[0]) == known[0]:
        return known[0], taxonomy.category_path(known[0])
    own = words[0] if words else UNKNOWN
    return own, (*(taxonomy.category_path(known[0]) if known else ()), own)


def _of_title(title: str, taxonomy: Taxonomy, departments: set[str]) -> str:
    """Find the category a title names; English names the thing last, so the last match wins, the longest of several."""
    words = [word.strip(".,;:!?()[]'\"") for word in title.split()]
    for end in range(len(words), 0, -1):
        for start in range(max(0, end - _MAX_WORDS), end):
            name = taxonomy.canonical("category", " ".join(words[start:end]))
            if name and name not in departments:
                return name
    return ""
