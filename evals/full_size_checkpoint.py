"""A checkpoint of the full size with random weights, and pictures and texts to try it on."""

import json
import math
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from env.errors import PhotoError
from tools.blip2_pictures import PictureFormat
from tools.blip2_shape import Blip2Shape, shards
from tools.taxonomy import load_taxonomy

SHARD_WEIGHTS = 125_000_000
SIDES = (1800, 2400)  # pixels of a picture, width and height
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
SEED = 1


def write_checkpoint(folder: Path, shape: Blip2Shape) -> None:
    """Write config.json, weights in shards, a tokenizer of made-up words and the picture format into a new folder."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(SEED)
    files: dict[str, str] = {}
    for at, names in enumerate(shards(shape.sizes(), SHARD_WEIGHTS), start=1):
        file = f"model-{at:05d}.safetensors"
        save_file(
            {name: random_weight(rng, name, size) for name, size in names.items()},
            folder / file,
            metadata={"format": "pt"},
        )
        files |= dict.fromkeys(names, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": files}))
    (folder / "config.json").write_text(json.dumps(config(shape)))
    write_tokenizer(folder, shape)
    PictureFormat(size=shape.image_size).write(folder)


def random_weight(rng: np.random.Generator, name: str, size: tuple[int, ...]) -> NDArray[np.float32]:
    """A weight that keeps signals of unit size at unit size, so that pictures and texts do not come out all alike.

    Attention adds little in the Q-Former: it averages, and random weights would make all queries one.
    """
    if len(size) == 1:
        is_gain = "norm" in name.lower() and name.endswith("weight")
        return np.ones(size, np.float32) if is_gain else np.zeros(size, np.float32)
    weight = rng.standard_normal(size, np.float32)
    if "position" in name:
        return weight * np.float32(0.3)
    if ("embed" in name and "patch" not in name) or name == "query_tokens":
        return weight
    gain = 0.5 if "crossattention.output" in name else 0.25 if "attention.output" in name else 1.0
    return weight * np.float32(gain / math.sqrt(math.prod(size[1:])))


def config(shape: Blip2Shape) -> dict[str, object]:
    """The config.json of a shape, as far as the library's defaults differ from it."""
    return {
        "model_type": "blip-2",
        "architectures": ["Blip2ForImageTextRetrieval"],
        "num_query_tokens": shape.n_query_tokens,
        "image_text_hidden_size": shape.dim,
        "vision_config": {
            "model_type": "blip_2_vision_model",
            "hidden_size": shape.vision_width,
            "intermediate_size": shape.vision_inner,
            "num_hidden_layers": shape.n_vision_layers,
            "num_attention_heads": shape.n_vision_heads,
            "image_size": shape.image_size,
            "patch_size": shape.patch_size,
        },
        "qformer_config": {
            "model_type": "blip_2_qformer",
            "hidden_size": shape.width,
            "intermediate_size": shape.inner,
            "num_hidden_layers": shape.n_layers,
            "num_attention_heads": shape.n_heads,
            "encoder_hidden_size": shape.vision_width,
            "vocab_size": shape.vocab_size,
            "max_position_embeddings": shape.max_tokens,
            "use_qformer_text_input": True,
        },
    }


def write_tokenizer(folder: Path, shape: Blip2Shape) -> None:
    """A tokenizer that knows "w4", "w5" and so on, one token each."""
    words = {word: at for at, word in enumerate(SPECIAL)}
    words |= {f"w{at}": at for at in range(len(SPECIAL), shape.vocab_size)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", words["[CLS]"]), ("[SEP]", words["[SEP]"])]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {f"{word.strip('[]').lower()}_token": word for word in SPECIAL}
    told = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": shape.max_tokens} | special
    (folder / "tokenizer_config.json").write_text(json.dumps(told))


def texts(shape: Blip2Shape, n: int) -> list[str]:
    """Queries of two to eight words."""
    rng = np.random.default_rng(SEED)
    return [
        " ".join(f"w{at}" for at in rng.integers(len(SPECIAL), shape.vocab_size, rng.integers(2, 9))) for _ in range(n)
    ]


def shop_texts(n: int) -> list[str]:
    """Queries in a shop's words, "<colour> <category> for <gender>"."""
    terms = load_taxonomy().terms
    kinds = [[term.name for term in terms[kind].values()] for kind in ("colour", "category", "gender")]
    rng = np.random.default_rng(SEED)
    picked = (tuple(rng.choice(names) for names in kinds) for _ in range(n))
    return [f"{colour} {category} for {gender}" for colour, category, gender in picked]


def copy_pictures(photos: Path, folder: Path, n: int) -> int:
    """Copy the first `n` pictures of a folder, by name; how many there were.

    Raises:
        PhotoError: there is none.
    """
    found = [path for path in sorted(photos.glob("*")) if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp")][:n]
    if not found:
        raise PhotoError(f"no pictures (jpg, png, webp) in {str(photos)!r}; name another folder")
    folder.mkdir(parents=True)
    for at, path in enumerate(found):
        shutil.copyfile(path, folder / f"{at:03d}{path.suffix}")
    return len(found)


def write_pictures(folder: Path, n: int) -> None:
    """Write JPEG pictures of soft colours and hard shapes, as large as a camera's."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(SEED)
    for at in range(n):
        image = Image.fromarray(rng.integers(0, 255, (6, 5, 3), np.uint8)).resize(SIDES, Image.Resampling.BICUBIC)
        draw = ImageDraw.Draw(image)
        for _ in range(6):
            left, top, wide, high = rng.integers(100, 1500, 4).tolist()
            red, green, blue = rng.integers(0, 255, 3).tolist()
            draw.ellipse((left, top, left + wide, top + high), fill=(red, green, blue))
        image.save(folder / f"{at:03d}.jpg", quality=90)
