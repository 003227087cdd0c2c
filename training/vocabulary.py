"""The tokenizer of a model built from scratch: a lower-cased WordPiece vocabulary of the shop's own words."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tools.taxonomy import Taxonomy
from training.captions import write_caption
from training.data import Example

# Words of shopping talk that captions seldom hold, so that they are words and not letters.
TALK = Path(__file__).with_name("talk.txt")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789'-&/.,!?()+%:\""
# Of the places in a vocabulary, how many are kept for endings; rare words are spelled with them.
ENDINGS_SHARE = 0.2
MIN_COUNT = 3


def make_tokenizer(examples: Sequence[Example], taxonomy: Taxonomy, vocab_size: int, max_tokens: int) -> Any:
    """A BertTokenizer over the most frequent words; the same items give the same vocabulary.

    The library's own WordPiece trainer breaks ties in an order that differs from run to run.
    """
    words = Counter(word for text in corpus(examples, taxonomy) for word in re.findall(r"[a-z0-9]+", text.lower()))
    endings: Counter[str] = Counter()
    for word, count in words.items():
        for length in range(2, min(6, len(word))):
            endings["##" + word[-length:]] += count
    letters = [*LETTERS, *("##" + letter for letter in LETTERS)]
    room = vocab_size - len(SPECIAL) - len(letters)
    n_endings = round(room * ENDINGS_SHARE)
    known = [*SPECIAL, *letters, *most_common(endings, n_endings), *most_common(words, room - n_endings)]
    return from_words(list(dict.fromkeys(known)), max_tokens)


def most_common(counts: Counter[str], n: int) -> list[str]:
    """The n most frequent entries that are frequent enough, ties in alphabetical order."""
    ranked = sorted(
        (entry for entry, count in counts.items() if count >= MIN_COUNT), key=lambda one: (-counts[one], one)
    )
    return ranked[:n]


def corpus(examples: Sequence[Example], taxonomy: Taxonomy) -> Iterator[str]:
    """Each item's title and two captions, the taxonomy's words and shopping talk, repeated enough to count."""
    rng = random.Random(0)
    for example in examples:
        yield example.words["title"]
        if example.words["category"]:
            yield from (write_caption(example.words, taxonomy, rng).text for _ in range(2))
    for terms in taxonomy.terms.values():
        for term in terms.values():
            yield from [" ".join((term.name, *term.synonyms))] * 20
    yield from [TALK.read_text(encoding="utf-8")] * 20


def from_words(words: Sequence[str], max_tokens: int) -> Any:
    """A BertTokenizer over the given vocabulary, in order; it pads and truncates at the right."""
    from transformers import BertTokenizer

    with TemporaryDirectory() as folder:
        path = Path(folder) / "vocab.txt"
        path.write_text("\n".join(words) + "\n", encoding="utf-8")
        return BertTokenizer(str(path), do_lower_case=True, model_max_length=max_tokens)
