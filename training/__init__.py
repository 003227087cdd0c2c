"""BLIP-2 tuned to a catalogue: from scratch, or from a checkpoint."""
