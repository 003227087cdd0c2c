"""What the training tool says, in one line, when it cannot go on; and that nothing saved is lost."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from env.errors import EmbedderError, FeedError, VitrineError
from env.settings import REPO_DIR
from tests.training_shop import FORM, log_of, train, write_shop
from training.arguments import build_parser
from training.data import read_folder, read_folders
from training.pictures import open_cache


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("shop") / "data")


@pytest.fixture(scope="module")
def finished(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one step."""
    out = tmp_path_factory.mktemp("run") / "one"
    train(shop, out, "--steps", "1")
    return out


def test_a_line_that_is_no_item_is_told_with_its_number(tmp_path: Path) -> None:
    folder = write_shop(tmp_path / "bad", 2)
    with (folder / "items.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"title": "no sku"}\n')
    with pytest.raises(FeedError, match=r"items\.jsonl' line 3: KeyError\('sku'\)"):
        list(read_folder(folder))


def test_a_missing_picture_is_told_by_name(tmp_path: Path) -> None:
    folder = write_shop(tmp_path / "shop", 2)
    (folder / "images" / "1.png").unlink()
    with pytest.raises(FeedError, match=r"cannot read the picture .*1\.png"):
        open_cache(tmp_path / "cache", read_folders([folder]), FORM)


@pytest.mark.parametrize("n", [0, 1])
def test_no_items_or_one_are_too_few(tmp_path: Path, n: int) -> None:
    shop = write_shop(tmp_path / "shop", n)
    with pytest.raises(FeedError, match=rf"^0 of {n} items are left to train on, 2 are needed; .* \(now 4\)$"):
        train(shop, tmp_path / "out", "--steps", "1")


def test_two_items_are_enough(tmp_path: Path) -> None:
    train(write_shop(tmp_path / "shop", 2), tmp_path / "out", "--steps", "1", "--validation", "0")
    assert (tmp_path / "out" / "best" / "model.safetensors").exists()
    assert "Figures" not in (tmp_path / "out" / "best" / "README.md").read_text()


def test_items_with_neither_title_nor_category_are_left_out(tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "shop", 8, fixed={"title": "", "category": ""})
    with pytest.raises(FeedError, match="0 of 0 items are left to train on"):
        train(shop, tmp_path / "out", "--steps", "1")


def test_a_picture_that_cannot_be_decoded_is_told_and_leaves_no_half_cache(tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "shop", 3)
    whole = (shop / "images" / "1.png").read_bytes()
    (shop / "images" / "1.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FeedError, match=r"cannot decode the picture .*1\.png.* take its line out of items\.jsonl"):
        open_cache(tmp_path / "cache", read_folders([shop]), FORM)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_checkpoint_that_is_not_there_is_told(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"--from '\./nowhere': .* no such folder"):
        train(shop, tmp_path / "out", "--from", "./nowhere")


def test_a_tokenizer_of_another_vocabulary_is_refused(shop: Path, finished: Path, tmp_path: Path) -> None:
    other = shutil.copytree(finished / "best", tmp_path / "other")
    shutil.copy(REPO_DIR / "models" / "blip2-mini" / "tokenizer.json", other / "tokenizer.json")
    with pytest.raises(EmbedderError, match=r"its tokenizer has 8192 entries and its weights \d+; take both from"):
        train(shop, tmp_path / "out", "--from", str(other))


def test_a_vocabulary_that_does_not_know_the_catalogues_language_is_refused(finished: Path, tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "shop", 8, fixed={"title": "Красное платье"})
    with pytest.raises(EmbedderError, match="its vocabulary does not know 100% of the titles' word pieces"):
        train(shop, tmp_path / "out", "--from", str(finished / "best"))


def test_heads_that_cannot_be_read_are_told(shop: Path, finished: Path, tmp_path: Path) -> None:
    run = shutil.copytree(finished, tmp_path / "run")
    save_file(load_file(run / "heads.safetensors"), run / "heads.safetensors")  # without the names of the values
    with pytest.raises(EmbedderError, match=r"cannot read the heads .*heads\.safetensors.* remove the file"):
        train(shop, tmp_path / "out", "--from", str(run / "best"))


@contextmanager
def room_for(n_bytes: int) -> Iterator[None]:
    """No file can grow beyond so many bytes: writing fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_in_one_line_and_the_older_state_stays(shop: Path, finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "full"
    shutil.copytree(finished, out)
    before = (out / "state.safetensors").read_bytes()
    with (
        room_for(100_000),
        pytest.raises(VitrineError, match=r"what was saved .* is whole: mend that") as told,
    ):
        train(shop, out, "--steps", "2")
    assert "\n" not in str(told.value)
    assert (out / "state.safetensors").read_bytes() == before
    assert not list(out.glob("*.partial"))
    assert train(shop, out, "--steps", "2").progress.n_steps_done == 2
    assert [line["step"] for line in log_of(out) if "loss" in line] == [1, 2]


def test_pictures_that_do_not_fit_the_disk_leave_no_half_cache(shop: Path, tmp_path: Path) -> None:
    with room_for(50_000), pytest.raises(OSError, match="too large"):
        open_cache(tmp_path / "cache", read_folders([shop]), FORM)
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [("--batch", "0", "'0' is not 1 or more"), ("--kin", "1.5", "share from 0 to 1"), ("--seed", "-1", "below 0")],
)
def test_numbers_out_of_range_are_refused(
    option: str, value: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["--data", "a", "--out", str(tmp_path), option, value])
    assert told in capsys.readouterr().err
