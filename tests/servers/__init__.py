"""Local servers that speak the model vendors' protocols: for the tests, and for trying hosted modes without a key."""
