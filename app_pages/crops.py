"""The garments of a photo that shows several: a picture and a button for each."""

import io
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from agents.wording import Wording as Words
from agents.wording import load_texts
from app_pages.chat import thumbnail_url
from app_pages.turn_view import TurnView
from app_pages.wording import html_text, markdown_text
from tools.photo_crops import Crop

Pick = Callable[[str, bytes], None]


def draw_crops(place: DeltaGenerator, view: TurnView, pick: Pick) -> None:
    """Draw them in a row; nothing where the photo shows one garment or none."""
    crops = view.evidence.crops if view.evidence else ()
    if not crops:
        place.empty()
        return
    words = Words(load_texts("en"), "")
    with place.container(key=f"crops-{view.number}", horizontal=True):
        for number, crop in enumerate(crops, start=1):
            name = words.say("photo.only", kind=words.say(f"photo.kinds.{crop.kind}"))
            with st.container(key=f"crop-{view.number}-{number}", width=160):
                st.html(f'<img class="v-crop" src="{thumbnail_url(crop.picture)}" alt="{html_text(name)}">')
                key = f"pick-{view.number}-{number}"
                st.button(markdown_text(name), key=key, on_click=pick, args=(name, crop_bytes(crop)))


def crop_bytes(crop: Crop) -> bytes:
    """The part of the photo as a JPEG, to be sent like a photo of its own."""
    out = io.BytesIO()
    crop.picture.save(out, "JPEG", quality=95)
    return out.getvalue()
