"""Demos: journeys that play in the real shop, guests with limits, recordings, and a report to take home."""
