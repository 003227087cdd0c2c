"""The practice model: a small server of this machine that speaks OpenAI's protocol, for people without keys."""

from agents.workbench.practice.server import PracticeServer

__all__ = ["PracticeServer"]
