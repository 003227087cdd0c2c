"""Insight: figures over stored turns, in words and tables, and the turns behind them without personal text."""

from agents.insight.reading import Insight

__all__ = ["Insight"]
