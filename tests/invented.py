"""Invented texts as long as articles, the same for the same seed."""

from __future__ import annotations

import random

SYLLABLES = ["ba", "be", "do", "fi", "gu", "ka", "lo", "mi", "na", "pe", "ri", "so", "ta", "ve", "zu"]
CHARACTERS = [chr(0x4E00 + 7 * number) for number in range(600)]
KANA = [chr(code) for code in range(0x3042, 0x3094)]


def words(seed: int, count: int) -> list[str]:
    """Words that another seed shares only by chance."""
    chance = random.Random(seed)
    return ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(count)]


def paragraphs(seed: int, number: int = 8, length: int = 40) -> list[str]:
    """`number` paragraphs of a text, each of `length` words."""
    text = words(seed, number * length)
    return [" ".join(text[start : start + length]).capitalize() + "." for start in range(0, number * length, length)]


def body(seed: int, number: int = 8, length: int = 40) -> str:
    return "\n\n".join(paragraphs(seed, number, length))


def chinese(seed: int, length: int = 300) -> str:
    """A run of Chinese characters, with a comma here and there."""
    chance = random.Random(seed)
    return "".join(chance.choice(CHARACTERS) + ("，" if chance.random() < 0.1 else "") for _ in range(length))


def japanese(seed: int, length: int = 300) -> str:
    """Kana, with a Chinese character or a wide digit here and there."""
    chance = random.Random(seed)
    others = [*CHARACTERS, "１", "２"]
    return "".join(chance.choice(KANA if chance.random() < 0.7 else others) for _ in range(length))
