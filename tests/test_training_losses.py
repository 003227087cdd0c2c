"""The objectives of training: what each asks for, who may see what, and that all of it runs on one device."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from env.errors import EmbedderError
from tests.training_shop import FORM, write_shop
from tools.taxonomy import load_taxonomy
from training.data import facet_table, read_folders
from training.losses import (
    ANY,
    Batch,
    Weights,
    answers,
    best_token_scores,
    contrast,
    generation_loss,
    objectives,
    photo_loss,
    targets,
)
from training.model import Shape, TrainedModel, build_blip2, pool
from training.pictures import normalise, photograph, vary
from training.place import choose_place

TINY = Shape(image_size=32, width=64, n_vision_layers=1, n_qformer_layers=2, vocab_size=50)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("shop") / "data")


@pytest.fixture
def model() -> TrainedModel:
    """A tiny model that writes, the same for every test."""
    blip2 = build_blip2(TINY, seed=0)
    blip2.qformer.set_attn_implementation("eager")
    return TrainedModel(blip2, {"colour": 3}, writes=True)


def small_batch(device: str = "cpu") -> Batch:
    """Six pictures of noise, each with a text of its own; the first two are shown twice."""
    generator = torch.Generator().manual_seed(0)
    pixels = torch.rand(6, 3, 32, 32, generator=generator).to(device)
    ids = torch.randint(5, 50, (6, 6), generator=generator).to(device)
    mask = torch.ones_like(ids)
    mask[3:, 4:] = 0
    have = torch.arange(18, dtype=torch.int32, device=device).view(6, 3) + 1
    return Batch(pixels, None, ids, mask, have, have, torch.arange(6, device=device), pixels[:2] * 0.9)


def test_every_item_with_what_a_caption_names_answers_it(shop: Path) -> None:
    table = facet_table(read_folders([shop]), load_taxonomy())
    have = torch.from_numpy(table.codes)
    columns = {name: at for at, name in enumerate(table.values)}
    want = torch.full_like(have, ANY)
    want[0, columns["colour"]] = have[0, columns["colour"]]  # "something red"
    want[1, columns["title"]] = have[1, columns["title"]]
    want[2:] = have[2:]
    found = answers(want, have)
    assert found[0].nonzero().flatten().tolist() == [0, 4, 8, 12, 16, 20]
    assert found[1].nonzero().flatten().tolist() == [1]


def test_the_contrastive_loss_is_least_where_all_positives_score_alike() -> None:
    positive = torch.tensor([[True, True, False], [True, True, False], [False, False, True]])
    even, uneven = torch.where(positive, 20.0, 0.0), torch.where(positive, 20.0, 0.0)
    uneven[0, 1] = 10.0
    floor = np.log(2) * 2 / 3  # two of three rows share their target between two
    assert contrast(even, positive.float()).item() == pytest.approx(floor, abs=1e-4)
    assert contrast(uneven, positive.float()).item() > floor + 1


def test_what_is_near_to_the_wish_is_wanted_next(shop: Path) -> None:
    table = facet_table(read_folders([shop]), load_taxonomy())
    have = torch.from_numpy(table.codes)
    columns = {name: at for at, name in enumerate(table.values)}
    want = torch.full_like(have, ANY)
    for facet in ("title", "category", "colour"):
        want[:, columns[facet]] = have[:, columns[facet]]
    nothing = torch.zeros(0)
    batch = Batch(nothing, None, nothing, nothing, have, want, torch.arange(len(have)))
    first = targets(batch, columns, kin_share=0.4)[0]  # a red T-shirt of a certain title; item 12 is one too
    assert first[0].item() == pytest.approx(0.6 + 0.2 / 2 + 0.2 / 8)
    assert first[12].item() == pytest.approx(0.2 / 2 + 0.2 / 8)
    assert first[[3, 6, 9, 15, 18, 21]].tolist() == pytest.approx([0.2 / 8] * 6)
    assert first.sum().item() == pytest.approx(1)
    assert (first > 0).sum() == 8


def test_a_text_is_scored_by_the_best_query_token() -> None:
    tokens = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[-1.0, 0.0], [0.6, 0.8]]])
    texts = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert best_token_scores(texts, tokens).tolist() == [[1.0, pytest.approx(0.6)], [1.0, pytest.approx(0.8)]]


def photo_scores() -> tuple[Tensor, Tensor]:
    """Two second views and three pictures: the first view lies nearer to picture 1 than to its own."""
    again = torch.tensor([[0.6, 0.8], [0.0, 1.0]])
    pooled = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    return again, pooled


def test_a_second_view_must_find_its_own_picture_and_those_of_its_title_do_not_count() -> None:
    again, pooled = photo_scores()
    items = torch.arange(3)
    wrong = photo_loss(again, pooled, torch.tensor([4, 5, 6]), items)
    first = np.log1p(np.exp(20 * (0.8 - 0.6)) + np.exp(20 * (-0.6 - 0.6)))
    second = np.log1p(2 * np.exp(-20))
    assert wrong.item() == pytest.approx((first + second) / 2, rel=1e-4)
    same_title = photo_loss(again, pooled, torch.tensor([4, 4, 6]), items)
    assert same_title.item() < 1e-4
    unknown = photo_loss(again, pooled, torch.tensor([0, 0, 0]), items)  # "" is not a title that two could share
    assert unknown.item() == pytest.approx(wrong.item())
    assert photo_loss(again, pooled, torch.tensor([0, 0, 0]), torch.tensor([9, 9, 3])).item() < 1e-4


def test_finding_photos_again_is_learned(model: TrainedModel) -> None:
    found = learn(model, Weights(pooled=0, attributes=0, matching=0), "photo", n_steps=40)
    assert found[-1] < 0.5 * found[0]


def test_writing_is_learned_from_the_pictures(model: TrainedModel) -> None:
    batch = small_batch()
    batch.ids[:, 0] = 2  # all texts begin alike: only the picture tells which one it is
    found = learn(model, Weights(pooled=0, attributes=0, matching=0, photo=0, n_generation=6), "generation", 90, batch)
    assert found[0] > 3.5  # guessing among 50 words
    assert found[-1] < 0.5 * found[0]
    model.eval()
    logits = model.next_token_logits(model.image_states(batch.pixels), batch.ids, batch.mask)
    assert torch.equal(logits[:3, :-1].argmax(-1), batch.ids[:3, 1:])
    assert torch.equal(logits[3:, :3].argmax(-1), batch.ids[3:, 1:4])


def learn(model: TrainedModel, weights: Weights, name: str, n_steps: int, batch: Batch | None = None) -> list[float]:
    """The course of one objective while it alone is followed."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    columns = {"title": 0, "category": 1, "colour": 2}
    found = []
    for _ in range(n_steps):
        _, loss = objectives(model, batch or small_batch(), weights, columns)[name]
        found.append(loss.item())
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    return found


def test_who_writes_a_text_sees_its_picture_and_nothing_of_what_follows(model: TrainedModel) -> None:
    batch = small_batch()
    model.eval()
    states = model.image_states(batch.pixels)
    written = model.next_token_logits(states, batch.ids, batch.mask)
    later = batch.ids.clone()
    later[:, 3] = 4
    changed = (model.next_token_logits(states, later, batch.mask) - written).abs().amax(dim=(0, 2))
    assert changed[:3].max() == 0
    assert changed[3:].min() > 0
    others = (model.next_token_logits(states.flip(0), batch.ids, batch.mask) - written).abs().amax(dim=(0, 2))
    assert others.min() > 0


def test_the_query_tokens_do_not_see_the_text_that_is_written(model: TrainedModel) -> None:
    batch = small_batch()
    seen: list[Tensor] = []
    model.eval()
    model.blip2.qformer.register_forward_hook(lambda *call: seen.append(call[2].last_hidden_state[:, :8]))
    states = model.image_states(batch.pixels)
    model.image_tokens(states)
    model.next_token_logits(states, batch.ids, batch.mask)
    torch.testing.assert_close(seen[1], seen[0])


def test_no_caption_is_written_unless_asked(model: TrainedModel) -> None:
    columns = {"title": 0, "category": 1, "colour": 2}
    assert "generation" not in objectives(model, small_batch(), Weights(attributes=0), columns)
    assert TrainedModel(model.blip2, {}).writer is None


def test_pictures_and_losses_stay_on_the_device_of_the_model(model: TrainedModel) -> None:
    # "meta" has shapes and no numbers: whatever mixes it with the processor's tensors fails, as a GPU would.
    batch = small_batch("meta")
    model.to("meta")
    generator = torch.Generator().manual_seed(0)
    pixels = normalise(photograph(vary(batch.pixels, 32, generator), generator), FORM)
    kept = torch.zeros(6, 2, dtype=torch.long, device="meta")
    states = model.image_states(pixels, kept)
    tokens = model.image_tokens(states)
    target = targets(batch, {"title": 0, "category": 1, "colour": 2}, kin_share=0.4)
    losses = (
        contrast(best_token_scores(pool(tokens), tokens), target),
        photo_loss(pool(tokens)[:2], pool(tokens), batch.have[:, 0], batch.items),
        generation_loss(model, batch, states, 4),
    )
    assert {loss.device.type for loss in losses} == {"meta"}
    with pytest.raises(RuntimeError, match="meta"):
        photo_loss(pool(tokens)[:2], pool(tokens), batch.have[:, 0], torch.arange(6))


def test_the_precision_is_as_asked_and_a_device_that_is_not_there_is_told() -> None:
    assert choose_place("cpu", "bf16").frozen_dtype == torch.bfloat16
    place = choose_place("cpu", "fp32")
    assert place.frozen_dtype == torch.float32
    with place.autocast():
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
    absent = next(name for name in ("mps", "cuda") if not torch.get_device_module(name).is_available())
    with pytest.raises(EmbedderError, match=f"--device '{absent}' is not available here"):
        choose_place(absent, "auto")  # type: ignore[arg-type]
