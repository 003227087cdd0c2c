"""What the Ray engine runs in Ray's own processes, and the rows that travel to and from it.

One row of the data set is one batch. Going: its number, and a name, a URL and the bytes of each picture. Coming back:
the number; of each picture its name in the store, or why it is refused; and the vectors of those that are not, as bytes
of float32, since their number varies.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image

from env.errors import EmbedderError
from env.settings import Settings
from ingest.pictures import Found, PictureReader
from ingest.row import InlinePicture, LocalPicture, Picture, RemotePicture, RowError
from tools.embedder import load_embedder
from tools.pictures import PictureStore

N_THREADS = 8
Row = dict[str, Any]
Column = dict[str, Sequence[Any]]


class Feeder:
    """Yields the batches that the driver puts into a queue, until it puts None."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def __call__(self, _: Column) -> Iterator[Column]:
        while (row := self._queue.get()) is not None:
            yield {name: [value] for name, value in row.items()}


class Worker:
    """One actor: a checkpoint of its own, and threads that decode and download."""

    def __init__(self, settings: Settings, fingerprint: str) -> None:
        """Load the checkpoint.

        Raises:
            EmbedderError: it cannot be used here, or is another than the driver's.
        """
        self._embedder = load_embedder(settings)
        if self._embedder.fingerprint != fingerprint:
            raise EmbedderError(
                f"EMBEDDER={settings.embedder!r} is {self._embedder.fingerprint!r} on a machine of the cluster and "
                f"{fingerprint!r} on this one; put the same checkpoint on all"
            )
        self._pictures = PictureReader(settings, PictureStore(settings.data_dir / "pictures"))
        self._pool = ThreadPoolExecutor(N_THREADS, "decode")

    def __call__(self, rows: Column) -> Column:
        """Decode, store and embed one batch."""
        asked = zip(rows["names"][0], rows["urls"][0], rows["datas"][0], strict=True)
        decoded = list(self._pool.map(self._decode, (_unpacked(*one) for one in asked)))
        vectors = self._embedder.embed_images([one[0] for one in decoded if not isinstance(one, RowError)])
        done = {
            "number": rows["number"][0],
            "images": ["" if isinstance(one, RowError) else one[1] for one in decoded],
            "reasons": [one.reason if isinstance(one, RowError) else "" for one in decoded],
            "details": [one.detail if isinstance(one, RowError) else "" for one in decoded],
            "pooled": vectors.pooled.tobytes(),
            "tokens": vectors.tokens.tobytes(),
        }
        return {name: [value] for name, value in done.items()}

    def _decode(self, found: Found) -> tuple[Image.Image, str] | RowError:
        try:
            return self._pictures.decode(found)
        except RowError as error:
            return error


def packed(number: int, found: Sequence[Found]) -> Row:
    """A batch as the row that goes to a worker."""
    return {
        "number": number,
        "names": [one.picture.name if isinstance(one.picture, LocalPicture) else "" for one in found],
        "urls": [one.picture.url if isinstance(one.picture, RemotePicture) else "" for one in found],
        "datas": [one.data or b"" for one in found],
    }


def _unpacked(name: str, url: str, data: bytes) -> Found:
    """The picture of one of `packed`'s; its bytes, where it has any, were read by the driver."""
    picture: Picture = RemotePicture(url) if url else LocalPicture(Path(), name) if name else InlinePicture(data)
    return Found(picture, "", None if url else data)
