"""The tokenizer of a model built from scratch: lower-cased WordPiece, learned from captions."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tokenizers import BertWordPieceTokenizer

from tools.taxonomy import Taxonomy
from training.captions import write_caption
from training.data import Example

# Words of shopping talk that captions seldom hold, so that they are words and not letters.
TALK = Path(__file__).with_name("talk.txt")


def train_tokenizer(examples: Sequence[Example], taxonomy: Taxonomy, vocab_size: int, max_tokens: int) -> Any:
    """Learn a WordPiece vocabulary and return it as transformers' BertTokenizer (pads and truncates at the right)."""
    learner = BertWordPieceTokenizer(lowercase=True)
    learner.train_from_iterator(
        corpus(examples, taxonomy), vocab_size=vocab_size, min_frequency=2, show_progress=False, limit_alphabet=200
    )
    return from_words([word for word, _ in sorted(learner.get_vocab().items(), key=lambda pair: pair[1])], max_tokens)


def corpus(examples: Sequence[Example], taxonomy: Taxonomy) -> Iterator[str]:
    """Each item's title and two captions, the taxonomy's words and shopping talk, repeated enough to count."""
    rng = random.Random(0)
    for example in examples:
        yield example.words["title"].lower()
        if example.words["category"]:
            yield from (write_caption(example.words, taxonomy, rng).text for _ in range(2))
    for terms in taxonomy.terms.values():
        for term in terms.values():
            yield from [" ".join((term.name, *term.synonyms)).lower()] * 20
    yield from [TALK.read_text(encoding="utf-8")] * 20


def from_words(words: Sequence[str], max_tokens: int) -> Any:
    """A BertTokenizer over the given vocabulary, in order."""
    from tempfile import TemporaryDirectory

    from transformers import BertTokenizer

    with TemporaryDirectory() as folder:
        path = Path(folder) / "vocab.txt"
        path.write_text("\n".join(words) + "\n", encoding="utf-8")
        return BertTokenizer(str(path), do_lower_case=True, model_max_length=max_tokens)
