"""The catalogue in."""
