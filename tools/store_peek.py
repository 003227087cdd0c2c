"""A look at what an ingest would meet, without keeping anybody from writing and without writing."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from env.database import Database, connect
from tools.store_load import Loader


@contextmanager
def open_peek(database: Database, source: str) -> Iterator[Loader]:
    """One source's loader that may only read: the database itself refuses whatever it would write.

    Raises:
        DatabaseError: the database cannot be reached.
    """
    with connect(database.url) as connection:
        connection.execute("SET default_transaction_read_only = on")
        yield Loader(connection, source)


def skus_digest(loader: Loader) -> str:
    """A hash of all SKUs that the source holds: equal while none came and none went."""
    digest = hashlib.blake2b(digest_size=16)
    for sku in loader.skus():
        digest.update(sku.encode("utf-8", "surrogatepass") + b"\x00")
    return digest.hexdigest()
