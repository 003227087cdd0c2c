"""What is said about a photo: too small, dark, blurred, empty, or of several garments to pick from."""

from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter

from agents.desk import Desk, open_desk
from agents.events import Evidence, Message
from agents.intent import Intent
from agents.turn import run_turn
from evals.seeing_nothing import N_NOTHINGS, nothing
from tests.laid_out import TEE, laid_out, picture
from tests.stocked_shop import bundled_embedder, told
from tools.photo_check import flaws_of
from tools.photo_crops import garments, pieces_on_plain_ground
from tools.seeing import open_eyes
from tools.shop import Shop


@pytest.fixture(scope="module")
def tee() -> Image.Image:
    return picture(TEE)


@pytest.fixture(scope="module")
def two() -> Image.Image:
    """A polo shirt and shoes on a white ground."""
    return laid_out()


Change = Callable[[Image.Image], Image.Image]


@pytest.mark.parametrize(
    ("change", "flaws"),
    [
        (lambda photo: photo, ()),
        (lambda photo: photo.resize((45, 60)), ("tiny",)),
        (lambda photo: photo.point(lambda value: value // 5), ("dark",)),
        (lambda photo: photo.filter(ImageFilter.GaussianBlur(6)), ("blurred",)),
    ],
)
def test_flaws_are_found_and_a_good_photo_has_none(tee: Image.Image, change: Change, flaws: tuple[str, ...]) -> None:
    assert flaws_of(change(tee)) == flaws


def test_garments_that_lie_apart_are_told_apart(two: Image.Image, tee: Image.Image) -> None:
    embedder = bundled_embedder()
    eyes = open_eyes(embedder.fingerprint)
    assert len(pieces_on_plain_ground(two)) == 2
    assert [crop.kind for crop in garments(two, embedder, eyes)] == ["top", "shoes"]
    assert garments(tee, embedder, eyes) == ()


def test_drawn_pictures_of_nothing_repeat() -> None:
    assert nothing(3).tobytes() == nothing(3).tobytes()
    assert len({nothing(seed).tobytes() for seed in range(0, N_NOTHINGS, 20)}) == 12


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


def turn(desk: Desk, message: Message) -> tuple[Intent, Evidence, str]:
    intent, evidence, done = told(list(run_turn(desk.new_session(), message, desk)))
    return intent, evidence, done.reply


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda photo: photo.filter(ImageFilter.GaussianBlur(6)), "Your photo is blurred, so I may have misread it"),
        (lambda photo: photo.resize((45, 60)), "Your photo is very small"),
        (lambda photo: Image.new("RGB", (300, 400), (90, 120, 200)), "I see nothing to wear in your photo"),
    ],
)
def test_a_remark_stands_beside_the_results(desk: Desk, tee: Image.Image, change: Change, said: str) -> None:
    _, evidence, reply = turn(desk, Message("", change(tee)))
    assert len(evidence.hits) == 8
    assert said in reply


def test_of_several_garments_one_can_be_picked(desk: Desk, two: Image.Image) -> None:
    _, evidence, reply = turn(desk, Message("", two))
    assert len(evidence.hits) == 8
    assert "Your photo shows several things, such as the top and the shoes" in reply
    _, picked, reply = turn(desk, Message("Only the shoes", evidence.crops[1].picture, Intent("search")))
    assert len(picked.hits) == 8
    assert picked.crops == ()
    assert "several things" not in reply
