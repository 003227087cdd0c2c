"""A model's reply held against the evidence, sentence by sentence: what no row bears out does not reach the shopper."""

from agents.checker.checking import Checked, CheckedReply, check
from agents.checker.grounds import Grounds, grounds_of

__all__ = ["Checked", "CheckedReply", "Grounds", "check", "grounds_of"]
