"""The demo shop: a catalogue that ships as code. Every item, and every picture, derives from one seed."""

from ingest.demo.designs import Starter, starters
from ingest.demo.picture import draw
from ingest.demo.rows import DEFAULT_GROUPS, DEFAULT_SEED, demo_rows
from ingest.demo.spec import DemoItem, Drawing

__all__ = ["DEFAULT_GROUPS", "DEFAULT_SEED", "DemoItem", "Drawing", "Starter", "demo_rows", "draw", "starters"]
