"""How well two colours go together, by the rules of outfits.yaml."""

from functools import lru_cache
from itertools import pairwise

from agents.outfit_rules import HarmonyRules, load_rules
from tools.oklch import Oklch, hue_distance, oklch
from tools.taxonomy import load_taxonomy


@lru_cache(maxsize=4_096)
def harmony(first: str, second: str) -> float:
    """How well two colours of the taxonomy go together, 0 to 1; the order of the two does not matter.

    A colour that is not known, or that the taxonomy does not know, says nothing: then the rules' `unknown`.
    """
    rules, taxonomy = load_rules().harmony, load_taxonomy()
    swatches = taxonomy.hex(first), taxonomy.hex(second)
    if not all(swatches):
        return rules.unknown
    seen = oklch(swatches[0]), oklch(swatches[1])
    contrast = min(abs(seen[0].lightness - seen[1].lightness) / rules.full_contrast, 1.0)
    base = _base((first, second), seen, rules)
    return (1 - rules.contrast_weight) * base + rules.contrast_weight * contrast


def is_neutral(colour: str) -> bool:
    """Whether a colour goes with all."""
    rules, swatch = load_rules().harmony, load_taxonomy().hex(colour)
    return colour in rules.neutrals or bool(swatch and oklch(swatch).chroma <= rules.neutral_chroma)


def harmonious(colour: str, among: tuple[str, ...]) -> tuple[str, ...]:
    """Of these colours the ones that go well with a colour."""
    return tuple(other for other in among if harmony(colour, other) >= load_rules().harmony.good)


def _base(names: tuple[str, str], seen: tuple[Oklch, Oklch], rules: HarmonyRules) -> float:
    is_motley = [name in rules.motley for name in names]
    if any(not motley and is_neutral(name) for name, motley in zip(names, is_motley, strict=True)):
        return rules.with_neutral
    if any(is_motley):
        return rules.motley_with_colour
    apart = hue_distance(*seen)
    for (low, at_low), (high, at_high) in pairwise(rules.hues):
        if apart <= high:
            return at_low + (at_high - at_low) * (apart - low) / (high - low)
    return rules.hues[-1][1]
