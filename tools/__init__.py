"""The shop: its nouns and what can be done with them."""
