"""Feed readers: one per kind, told apart by looking."""

from pathlib import Path

from env.errors import FeedError
from ingest.readers.folder import FolderReader
from ingest.readers.kaggle import KaggleReader
from ingest.readers.merchant import MerchantReader
from ingest.readers.parquet import ParquetReader
from ingest.readers.plain import PlainReader
from ingest.readers.reader import Reader
from ingest.readers.shopify import ShopifyReader

READERS: dict[str, Reader] = {
    "folder": FolderReader(),
    "kaggle": KaggleReader(),
    "parquet": ParquetReader(),
    "merchant": MerchantReader(),
    "shopify": ShopifyReader(),
    "plain": PlainReader(),
}


def choose_reader(source: Path, kind: str = "") -> tuple[str, Reader]:
    """Find the reader for a source: the one named by `kind`, else the only one that recognises it.

    Raises:
        FeedError: the source does not exist or cannot be read, the kind is unknown, or no reader or several fit.
    """
    if kind and kind not in READERS:
        raise FeedError(f"unknown kind {kind!r}; known: {', '.join(READERS)}")
    if not source.exists():
        raise FeedError(f"there is no file or folder {str(source)!r}")
    if kind:
        return kind, READERS[kind]
    try:
        fitting = [name for name, reader in READERS.items() if reader.matches(source)]
    except OSError as error:
        raise FeedError(f"{str(source)!r} cannot be read: {error.strerror}") from error
    if len(fitting) == 1:
        return fitting[0], READERS[fitting[0]]
    if fitting:
        raise FeedError(f"{str(source)!r} could be {' or '.join(fitting)}; say which with --kind")
    looked_for = "; ".join(f"{name}: {reader.looks_for}" for name, reader in READERS.items())
    raise FeedError(f"{str(source)!r} is no feed this shop knows. Looked for {looked_for}")
