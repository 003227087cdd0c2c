"""Ids that nobody can guess, and that every command takes."""

from env.tokens import new_token


def test_a_token_is_never_taken_for_an_option() -> None:
    tokens = {new_token(3) for _ in range(2_000)}
    assert len(tokens) > 1_900
    assert not any(token.startswith("-") for token in tokens)
