"""Places in bylines: where a person reports from, which is not part of the name."""

from __future__ import annotations

from etl.normalise._byline_words import CITIES, PARTICLES, REPORTING, WHERE

Split = tuple[list[str], str]
"""The words of the name, and what else is said about the person."""


def split_report(words: list[str], keys: list[str]) -> Split | None:
    """Returns name and role of "Aus Chicago berichtet Jane Doe" and "Jane Doe berichtet"; None if no one reports."""
    if keys and keys[-1] in REPORTING:
        verb = 2 if keys[-2:-1] == ["contributed"] else 1
        return words[:-verb], " ".join(words[-verb:])
    if not keys or keys[0] not in WHERE:
        return None
    end = next((place for place, key in enumerate(keys, 1) if key in REPORTING), None)
    return (words[end:], " ".join(words[:end])) if end else None


def split_city(words: list[str], keys: list[str]) -> Split:
    """ "Jane Doe Madrid": a city after a full name is where she is, after a particle ("de Madrid") part of her name."""
    for length in (2, 1):
        end = len(words) - length
        if end >= 2 and " ".join(keys[end:]) in CITIES and keys[end - 1] not in PARTICLES:
            return words[:end], " ".join(words[end:])
    return words, ""
