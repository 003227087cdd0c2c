"""A LLaVA checkpoint of the real classes, tiny and random: `python -m tests.tiny_llava FOLDER` to try the path by hand.

It looks at pictures and writes nonsense: what it shows is that words, pictures and tokens travel as they should.
"""

import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import (
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
)
from transformers.models.llava.image_processing_pil_llava import LlavaImageProcessorPil

IMAGE_TOKEN = 4
WORDS = ["<pad>", "<s>", "</s>", "<unk>", "<image>", *(f"w{n}" for n in range(59))]
PICTURE_PX, PATCH_PX = 16, 8
TEMPLATE = (
    "{% for m in messages %}{{ m.role }} : {% for part in m.content %}"
    "{% if part.type == 'image' %}<image> {% else %}{{ part.text }} {% endif %}{% endfor %}{% endfor %}"
)


def save_tiny_llava(folder: Path) -> None:
    """Write model, tokenizer, picture processor and chat template into a folder, weights in safetensors."""
    torch.manual_seed(0)
    vision = CLIPVisionConfig(
        hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=PICTURE_PX,
        patch_size=PATCH_PX, projection_dim=16,
    )  # fmt: skip
    text = LlamaConfig(
        vocab_size=len(WORDS), hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=4096, bos_token_id=1, eos_token_id=2, pad_token_id=0,
    )  # fmt: skip
    model = LlavaForConditionalGeneration(
        LlavaConfig(vision_config=vision, text_config=text, image_token_index=IMAGE_TOKEN, image_seq_length=4)
    )
    # An end mark would make the length of a random reply a matter of luck.
    model.generation_config.eos_token_id = None
    model.save_pretrained(folder)
    words = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="<unk>"))
    words.pre_tokenizer = Whitespace()
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=words, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<unk>",
        additional_special_tokens=["<image>"],
    )  # fmt: skip
    side = {"height": PICTURE_PX, "width": PICTURE_PX}
    pictures = LlavaImageProcessorPil(size={"shortest_edge": PICTURE_PX}, crop_size=side)
    processor = LlavaProcessor(  # type: ignore[no-untyped-call]
        pictures, tokenizer, patch_size=PATCH_PX, vision_feature_select_strategy="default",
        num_additional_image_tokens=1, chat_template=TEMPLATE,
    )  # fmt: skip
    processor.save_pretrained(folder)


if __name__ == "__main__":
    save_tiny_llava(Path(sys.argv[1]))
