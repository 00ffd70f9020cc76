"""What a list or an object of JSON counts for in articles, by what the scan for marks saw in it."""

from __future__ import annotations

_PROSE_CHARACTERS = 202
"""More than a heading and its like have."""


class Value:
    """A list or an object: what was in it so far, and once it is closed, what it counts."""

    name: bytes = b""
    """In an object, the name whose value comes next."""
    values: int = 0
    scalars: int = 0
    numbered: int = 0
    """Names with a digit: of ids, dates, indices."""
    named: int = 0
    """Of a list, the strings that are names of headlines and texts."""
    headline: bool = False
    text: int = 0
    """How long the object's own text is."""
    characters: int = 0
    """How long all strings in it are together."""
    headline_within: bool = False
    text_within: bool = False
    """Whether objects in it have them."""
    articles: int = 0
    lengths: int = 0
    """Of the texts of the articles in it."""
    dates: int = 0
    """Of the articles in it, those with a date."""
    parts: tuple[int, int, int] = (0, 0, 0)
    """Articles in what may only be a part of an article, the lengths of their texts, and those with a date."""
    own: tuple[int, int, int] = (0, 0, 0)
    """The same for articles in fields that hold nothing else."""
    dated: bool = False
    """Whether one of its own values is a date."""
    prose: int = 0
    """How long all strings in it are that are not addresses."""
    odd: int = 0
    """Objects that are not articles by their names, but by their length, or by a headline and a date."""
    ones: int = 0
    """Values that are an article."""
    at_least: int = 0
    """Articles in it, if each value is one."""
    weak: int = 0
    weak_listed: int = 0
    weak_ones: int = 0
    weak_at_least: int = 0
    """The same for objects that have only one of both; those in fields with names of lists; those among its values."""
    weak_values: int = 0
    """In an object, the fields with such objects in them."""
    is_other: bool = False
    """Whether an object says that it is not an article."""
    targets: int = 0
    """Names of where a document goes, and of nothing else."""
    is_action: bool = False
    """Whether the value before says where a document goes."""
    gone: int = 0
    """The headline and texts of an object that say that they were removed."""
    blank: int = 0
    """Pages without articles."""
    holds_lists: bool = False
    """Whether the articles of a list are in lists in its values."""
    longest: tuple[int, int] = (0, 0)
    """Of the lists of objects in it, that with most characters: those, and its objects."""
    is_description: bool = False
    """Whether its type says that it is no article."""
    columns: int = 0
    cells: tuple[int, int] = (0, 0)
    """Values of the column of headlines, and of that of texts."""

    def __init__(self, is_object: bool) -> None:
        self.is_object = is_object

    @property
    def is_names(self) -> bool:
        """Whether it is a list of names of an article's fields."""
        return not self.is_object and self.named > 0 and self.values == self.scalars > 1

    def close(self) -> None:
        """Count, now that all of it is known."""
        if self.is_object:
            self._close_object()
            if self.is_other or self.gone > 1 or (self.is_action and self.values == 1):
                self.articles = self.ones = self.weak = self.weak_ones = self.lengths = self.dates = 0
                self.odd = self.text = self.prose = 0
                self.headline, self.headline_within, self.text_within, self.blank = False, False, False, 1
            if self.is_description and not (self.text or self.articles):
                self.weak = self.weak_ones = self.odd = 0
                self.blank = 1
        else:
            self.holds_lists = self.articles > 0 and not self.ones
            if self.ones:
                self.odd = 0
            elif self.articles:
                self.articles, self.odd = self.articles + self.odd, 0
            self.articles = self.values - 1 if self.columns else self.at_least if self.ones else self.articles
            self.weak = self.weak_at_least if self.weak_ones else self.weak
            self.ones = self.weak_ones = 0

    def _close_object(self) -> None:
        has_both = self.headline and self.text > 0
        within = (self.headline or self.headline_within) and (self.text > 0 or self.text_within)
        is_keyed = not self.scalars and self.values == self.numbered > 1
        inner, self.weak_ones = self.articles, int(self.headline or self.text > 0)
        if inner and not has_both and _are_alike(self.parts, (inner, self.lengths, self.dates)):
            inner, self.ones = inner + self.parts[0], 0
        own, own_lengths, own_dates = self.own
        if has_both and self.cells[0] == self.cells[1] > 1:
            self.articles, self.ones = self.cells[0], 0
        elif has_both and inner > 1 and self.lengths > inner * self.text:
            self.articles, self.ones = inner + 1, 0
        elif has_both and own and (own_dates or 4 * own_lengths >= own * self.text):
            self.articles, self.ones = own + 1, 0
        elif has_both or (within and not inner):
            self.articles, self.ones, self.lengths, self.dates = 1, 1, self.text, int(self.dated)
            self.odd = 0
        elif is_keyed and self.ones:
            self.articles, self.ones = self.at_least, 0
        else:
            self.articles = inner or (0 if self.headline else self.parts[0])
            self.ones = int(self.ones == inner == 1 and not self.odd)
            if inner:
                self.articles, self.odd = inner + self.odd, 0
        if self.weak_ones and (self.text or not self.weak_listed):
            self.weak = 1
        elif is_keyed and self.weak_values:
            self.weak = self.weak_at_least
        else:
            self.weak, self.weak_ones = self.weak_listed or self.weak, 0

    def odd_in(self, is_list: bool) -> int:
        """How many of what is in it, or itself in a list or an object, may be articles by other names."""
        if self.articles or not self.is_object:
            return self.odd
        is_long = self.prose >= _PROSE_CHARACTERS
        is_dated = self.headline and self.dated
        is_odd = (is_long or is_dated) if is_list else (is_long and is_dated)
        return int(is_odd) if self.headline or not self.odd else self.odd


def _are_alike(parts: tuple[int, int, int], others: tuple[int, int, int]) -> bool:
    """Whether articles are about as long as others, and have dates where those have."""
    (count, lengths, dates), (other_count, other_lengths, other_dates) = parts, others
    is_long = 2 * lengths * other_count >= other_lengths * count
    return count > 0 and is_long and 2 * dates * other_count >= other_dates * count
