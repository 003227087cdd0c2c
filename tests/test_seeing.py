"""What is told from pictures, by the bundled checkpoint on drawn items, and how questions about them are answered."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pgvector import HalfVector
from PIL import Image

from agents.desk import Desk, open_desk
from agents.events import Message
from agents.session import Session
from agents.turn import run_turn
from agents.wording import load_texts
from env.database import Database
from env.errors import CatalogError
from env.settings import Settings
from tests.laid_out import JACKET, TEE, picture
from tests.small_catalog import small_items
from tests.stocked_shop import ask, bundled_embedder, stocked_shop, told
from tools import seeing
from tools.query import Hit
from tools.seeing import Eyes, Reading, load_attributes, open_eyes, write_readings


@pytest.fixture
def desk(settings: Settings, database: Database) -> Desk:
    """Four small items, whose vectors are those of drawn pictures; the rows say nothing of sleeves."""
    items = [replace(item, item_group_id="", image="a.jpg", pattern="", usage="") for item in small_items()[:4]]
    items[1] = replace(items[1], title="Long sleeve tee", colour="", description="Warm wool keeps the cold out.")
    shop = stocked_shop(settings, database, items)
    pooled = bundled_embedder().embed_images([picture(TEE), picture(JACKET)]).pooled
    for sku, vector in (("A-000", pooled[0]), ("A-001", pooled[0]), ("A-002", pooled[1])):
        set_vector(database, sku, vector)
    return open_desk(shop)


def set_vector(database: Database, sku: str, vector: NDArray[np.float32]) -> None:
    with database.connection() as connection:
        connection.execute("UPDATE items SET embedding = %s WHERE sku = %s", (HalfVector(vector), sku))


def looking(desk: Desk) -> Session:
    session = desk.new_session()
    session.show(tuple(Hit(item, 0.0) for item in desk.shop.catalog.items(["A-000", "A-001", "A-002"])))
    return session


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("does the first one have long sleeves?", "From the picture: [1] looks short-sleeved."),
        ("does the third one have long sleeves?", "From the picture: [1] looks long-sleeved."),
        ("does the second one have long sleeves?", "From the data: [1] is long-sleeved."),
        ("what colour is the first one?", "From the data: [1] is black."),
        ("what colour is the second one?", "From the picture: [1] looks black."),
        ("what neckline is the first one?", "I cannot tell the neckline of [1] surely enough from the picture"),
        ("is the second one warm?", 'From the data: the description of [1] says "Warm wool keeps the cold out."'),
        ("is the first one warm?", "That cannot be told for [1]: no picture shows how something feels"),
        ("does the first one have a logo?", "That cannot be told for [1]: a logo or writing is too small"),
    ],
)
def test_an_answer_names_its_source(desk: Desk, question: str, reply: str) -> None:
    intent, evidence, done = ask(desk, looking(desk), question)
    assert intent.route == "question"
    assert len(evidence.hits) == 1
    assert done.reply.startswith(reply)


def test_a_doubted_colour_is_told_from_both_sources(desk: Desk) -> None:
    reply = ask(desk, looking(desk), "what colour is the first one really?")[2].reply
    assert reply == "From the data: [1] is black. From the picture: [1] looks black."


@pytest.mark.parametrize(
    "question",
    [
        "am I too fat for the first one?",
        "does the first one hide my belly?",
        "would the first one make me look fat?",
        "does the first one flatter my figure?",
    ],
)
def test_bodies_are_not_judged_and_the_cut_is_told(desk: Desk, question: str) -> None:
    reply = ask(desk, looking(desk), question)[2].reply
    assert reply == (
        "How something looks on you is yours to judge, and no picture can tell it; what I can speak of is the cut. "
        "From the picture: [1] looks short-sleeved."
    )


def test_a_body_beside_a_photo_is_not_judged_either(desk: Desk) -> None:
    message = Message("am I too fat for this?", picture(TEE))
    reply = told(list(run_turn(desk.new_session(), message, desk)))[2].reply
    assert reply.startswith("How something looks on you is yours to judge")
    assert "fat" not in reply


def test_a_photo_is_asked_about_with_it_and_after_it(desk: Desk) -> None:
    session, photo = desk.new_session(), picture(TEE)
    intent, evidence, done = told(list(run_turn(session, Message("which colour is this?", photo), desk)))
    assert (intent.route, len(evidence.hits)) == ("question", 4)
    assert done.reply == "From your photo: it looks black."
    assert ask(desk, session, "which colour is it?")[2].reply == "From your photo: it looks black."
    assert ask(desk, session, "is it soft?")[2].reply.startswith("That cannot be told from a photo")
    assert ask(desk, session, "what colour is the first one?")[2].reply == "From the picture: [1] looks black."


def test_a_photo_that_is_gone_is_said_to_be_gone(desk: Desk) -> None:
    session = desk.new_session()
    list(run_turn(session, Message("", picture(TEE)), desk))
    again = desk.session(session.id)
    reply = ask(desk, again, "what colour is the shirt in my photo?")[2].reply
    assert reply == "I no longer have your photo; send it again, and I will look at it."


def test_a_refinement_after_a_photo_question_is_of_the_photo(desk: Desk) -> None:
    session, photo = desk.new_session(), picture(TEE)
    ask(desk, session, "dresses under 20")
    list(run_turn(session, Message("is it striped?", photo), desk))
    assert session.photo is photo
    _, evidence, _ = ask(desk, session, "in red")
    assert [hit.item.sku for hit in evidence.hits] == ["A-002"]


def test_eyes_of_another_embedder_see_nothing() -> None:
    vector = np.zeros(256, np.float32)
    assert open_eyes("blip2-other").glance(vector, "colour") is None
    assert open_eyes("blip2-other").share(vector, "kind", "nothing") == 0.0


def test_below_its_threshold_nothing_is_told() -> None:
    weights = np.array([[4.0, -4.0]], np.float32)
    eyes = Eyes({"colour": Reading(("red", "blue"), weights, np.zeros(2, np.float32), {"item": 0.9, "photo": None})})
    sure, unsure = np.array([1.0], np.float32), np.array([0.1], np.float32)
    seen = eyes.look(sure, "colour", "item")
    assert seen is not None
    assert (seen.value, round(seen.confidence, 4)) == ("red", 0.9997)
    assert eyes.look(unsure, "colour", "item") is None
    assert eyes.look(sure, "colour", "photo") is None


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "calibration.json"
    reading = Reading(
        ("a", "b"), np.array([[1.5, -2.0], [0.25, 3.0]], np.float32), np.array([0.5, 0], np.float32), {"item": 0.7}
    )
    write_readings("blip2-x", {"colour": reading}, path)
    monkeypatch.setattr(seeing, "CALIBRATION_FILE", path)
    seen = open_eyes("blip2-x").look(np.array([1.0, 0.0], np.float32), "colour", "item")
    assert seen is not None
    assert seen.value == "a"
    path.write_text("{", encoding="utf-8")
    open_eyes.cache_clear()
    with pytest.raises(CatalogError, match=r"run `python -m evals seeing --calibrate`"):
        open_eyes("blip2-x")
    open_eyes.cache_clear()


def test_every_value_has_its_words() -> None:
    words = load_texts("en")["seeing"]
    for name, attribute in load_attributes().items():
        assert set(words["values"][name]) | {"nothing"} >= set(attribute.values)
        assert name in words["about"]
        assert name in words["is"]


def test_the_bundled_checkpoint_is_calibrated() -> None:
    eyes = open_eyes(bundled_embedder().fingerprint)
    vector = bundled_embedder().embed_images([picture(JACKET)]).pooled[0]
    seen = eyes.look(vector, "sleeves", "item")
    assert seen is not None
    assert seen.value == "long"
    blank = bundled_embedder().embed_images([Image.new("RGB", (300, 400), (90, 120, 200))]).pooled[0]
    assert eyes.share(blank, "kind", "nothing") > 0.5 > eyes.share(vector, "kind", "nothing")
