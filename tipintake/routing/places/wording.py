"""Lists of words, written as they are read."""


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())
