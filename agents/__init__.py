"""The conversation: a shopper's message becomes a stream of events."""
