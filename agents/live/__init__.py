"""Two versions of a prompt on shoppers at once: who gets which, what came of it, and when to stop."""
