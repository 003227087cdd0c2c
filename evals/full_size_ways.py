"""The two ways of embedding that `python -m evals full_size` compares, each run in a process of its own.

`python -m evals.full_size_ways WAY CHECKPOINT PICTURES TEXTS OUT`
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from env.settings import Settings
from ingest.ahead import ahead
from tools.blip2_pictures import FILE_NAME, PictureFormat
from tools.embedder import load_embedder
from tools.photo import decode_photo
from tools.pictures import MAX_SIDE

SEED = "seed"
N_TIMED_TEXTS = 30
N_THREADS = 2

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way costs. Seconds and milliseconds of processor time over all threads, the median query; MB at the peak.

    `first_*_s` are seconds on the clock from the start of loading to the first vector.
    """

    way: str
    text_ms: float
    picture_s: float
    first_text_s: float
    first_picture_s: float
    text_peak_mb: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Way:
    """How to get at vectors: of one text (dim,), and of many pictures (n, n_query_tokens, dim)."""

    embed_text: Callable[[str], Array]
    embed_pictures: Callable[[Sequence[Path]], Array]


def open_seed(folder: Path) -> Way:
    """The article's way: two models of the library in fp32, one picture at a time, normalised once more."""
    import torch  # noqa: TID251 - the way compared with is the library's own
    from transformers import (  # noqa: TID251
        AutoTokenizer,
        Blip2TextModelWithProjection,
        Blip2VisionModelWithProjection,
    )

    library: Any = torch
    form = PictureFormat.read(folder / FILE_NAME)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    text_model: Any = Blip2TextModelWithProjection.from_pretrained(folder, dtype=torch.float32)
    loaded = list[Any]()

    def embed_text(text: str) -> Array:
        with library.inference_mode():
            vector: Array = text_model(**tokenizer([text], return_tensors="pt")).text_embeds[0, 0].numpy()
        return vector / np.linalg.norm(vector)

    def embed_pictures(paths: Sequence[Path]) -> Array:
        if not loaded:
            loaded.append(Blip2VisionModelWithProjection.from_pretrained(folder, dtype=torch.float32))
        found = []
        for path in paths:
            with Image.open(path) as image, library.inference_mode():
                pixels = library.from_numpy(form.pixels([image.convert("RGB")]))
                found.append(loaded[0](pixel_values=pixels).image_embeds[0].numpy())
        return np.stack([one / np.linalg.norm(one, axis=-1, keepdims=True) for one in found])

    return Way(embed_text, embed_pictures)


def open_ours(folder: Path, dtype: str) -> Way:
    """Vitrine's way, as ingest and the page use it."""
    values = {"embedder": str(folder), "embedder_device": "cpu", "embedder_dtype": dtype}
    settings = Settings.model_validate(values)
    embedder = load_embedder(settings)

    def embed_pictures(paths: Sequence[Path]) -> Array:
        with ThreadPoolExecutor(N_THREADS) as pool:
            images = ahead(pool, lambda path: decode_photo(path.read_bytes(), settings, MAX_SIDE), paths, 2 * N_THREADS)
            return embedder.embed_images(list(images)).tokens

    return Way(lambda text: embedder.embed_query_text([text])[0], embed_pictures)


def measure(name: str, folder: Path, pictures: Sequence[Path], texts: Sequence[str]) -> tuple[Cost, Array, Array]:
    """Cost, text vectors (n_texts, dim) and picture vectors (n_pictures, n_query_tokens, dim) of a way."""
    began_s = time.monotonic()
    way = open_seed(folder) if name == SEED else open_ours(folder, name)
    way.embed_text(texts[0])
    first_text_s = time.monotonic() - began_s
    text_vectors = np.stack([way.embed_text(text) for text in texts])
    text_ms = float(np.median([timed(way, texts[at % len(texts)]) for at in range(N_TIMED_TEXTS)]))
    text_peak_mb = peak_mb()
    began_s = time.monotonic()
    way.embed_pictures(pictures[:1])
    first_picture_s = time.monotonic() - began_s
    began_cpu_s = time.process_time()
    picture_vectors = way.embed_pictures(pictures)
    picture_s = (time.process_time() - began_cpu_s) / len(pictures)
    cost = Cost(name, text_ms, picture_s, first_text_s, first_picture_s, text_peak_mb, peak_mb())
    return cost, text_vectors, picture_vectors


def timed(way: Way, text: str) -> float:
    """Milliseconds of processor time for one text."""
    began_s = time.process_time()
    way.embed_text(text)
    return (time.process_time() - began_s) * 1000


def peak_mb() -> float:
    """The most memory this process ever held at once, as Linux tells it; mapped files count while they are held."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("this system does not tell a process's peak memory; measure on Linux")


def main() -> None:
    """Measure one way and write OUT.json and OUT.npz."""
    name, folder, pictures, texts, out = sys.argv[1:]
    cost, text_vectors, picture_vectors = measure(
        name, Path(folder), sorted(Path(pictures).iterdir()), json.loads(Path(texts).read_text())
    )
    Path(f"{out}.json").write_text(json.dumps(asdict(cost)))
    np.savez(f"{out}.npz", texts=text_vectors, pictures=picture_vectors)


if __name__ == "__main__":
    main()
