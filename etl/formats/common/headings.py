"""How a text that was taken out of an RTF or PDF file shows which of its lines were headings."""

from __future__ import annotations

HEADING_END = "\t"
"""What a line ends with that was bold, or larger than the text, there. Readers of text strip their lines."""
LONGEST_HEADING = 300


def as_heading(line: str) -> str:
    """A line, marked as a heading if it may be one: one line, and no row of a table."""
    is_possible = line.strip() and len(line) <= LONGEST_HEADING and not set("\n\t") & set(line)
    return f"{line}{HEADING_END}" if is_possible else line


def is_heading(line: str) -> bool:
    """Whether a line is marked as a heading."""
    return line.endswith(HEADING_END)
