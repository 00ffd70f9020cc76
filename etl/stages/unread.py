"""Where so much of a dump cannot be read that the rest is not looked at: the same place whole and in stretches."""

from __future__ import annotations

from dataclasses import dataclass, field

from etl.model import LimitError, Reject

MOST_UNREAD = 100_000
"""Pieces by which those that cannot be read may outnumber the articles up to any place: a byte may be one, and listing
them all would cost the stages after this."""


@dataclass
class Unread:
    """The pieces of a dump, or of a stretch of it, that cannot be read."""

    before: int = 0
    """By how many they outnumber the articles before the stretch; 0 while that is not known."""
    pieces: int = 0
    articles_at: list[int] = field(default_factory=list)
    """How many articles, with them, the stretch has up to where they first outnumber the others by 1, 2, 3 ..."""
    first: str = ""

    def add(self, piece: Reject, place: str, articles: int) -> None:
        """Count a piece, the last of so many articles. Raises LimitError where they are too many, as far as known."""
        self.pieces += 1
        self.first = self.first or f"{place}{piece.position}: {piece.reason}"
        if self.lead(articles) > len(self.articles_at):
            self.articles_at.append(articles)
            if self.is_stopped:
                raise LimitError(Unread().refused_in(self, 0) or "")

    @property
    def is_stopped(self) -> bool:
        """Whether the rest of the stretch was not looked at."""
        return len(self.articles_at) >= MOST_UNREAD - self.before

    def refused_in(self, stretch: Unread, articles: int) -> str | None:
        """Why a dump is refused for what is in its next stretch, before which are so many articles and these pieces.

        None where it is not.
        """
        fewest = MOST_UNREAD - self.lead(articles)
        if len(stretch.articles_at) < fewest:
            return None
        read = articles + stretch.articles_at[fewest - 1]
        return (
            f"{(read + MOST_UNREAD) // 2:,} of its first {read:,} articles cannot be read, so the rest is not looked "
            f"at; the first is {self.first or stretch.first}"
        )

    def lead(self, articles: int) -> int:
        """By how many pieces that cannot be read outnumber the others, of so many articles."""
        return 2 * self.pieces - articles

    def add_up(self, other: Unread) -> None:
        """Add those of the next stretch."""
        self.pieces += other.pieces
        self.first = self.first or other.first
