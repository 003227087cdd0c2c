"""The catalogue in: feeds read, checked, embedded and stored."""

from ingest.demo_fill import fill_demo, fill_demo_if_empty
from ingest.feed import Feed, Options, find_feed
from ingest.pipeline import run
from ingest.reembed import reembed
from ingest.report import Report

__all__ = ["Feed", "Options", "Report", "fill_demo", "fill_demo_if_empty", "find_feed", "reembed", "run"]
