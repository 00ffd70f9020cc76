"""What is counted of a delivery while it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from etl import words
from etl.model import Columns, Doubt, DumpState, Reject
from etl.normalise.date_columns import Habit
from etl.stages.accounting import Account, Balance
from etl.stages.unread import Unread


@dataclass
class Tally:
    """What was counted while one delivery was read."""

    delivery: int
    format: str = ""
    state: str = DumpState.read
    reason: str | None = None
    articles_declared: int | None = None
    wrong_totals: list[str] = field(default_factory=list)
    """The members of an archive that state another number of articles than were read of them, a clause each."""
    members_without_total: int = 0
    marks_seen: int | None = None
    words_seen: int | None = None
    words_accounted: int | None = None
    are_words_counted: bool = True
    """Whether those of all members are; else nothing is said of any."""
    articles_read: int = 0
    rejected_pieces: int = 0
    unread: Unread = field(default_factory=Unread)
    skipped: Counter[str] = field(default_factory=Counter)
    columns: Columns | None = None
    """What the members without a header have together."""
    beside: dict[str, dict[str, int]] = field(default_factory=dict)
    """The long texts that no article holds, by member and path, with their words."""
    doubts: dict[str, Doubt] = field(default_factory=dict)
    """What is doubtful of pages, by member."""
    account: Account | None = None
    """Of a range: the words of what was made of it, held against those of the dump when all of it was read."""
    members_read: int = 0
    """Those that a format reads, broken or not."""
    broken_members: int = 0
    first_broken: Reject | None = None
    first_unread: Reject | None = None
    """The first member that no format reads."""
    unread_kinds: Counter[str] = field(default_factory=Counter)
    """The members that may hold articles, and are of a kind that is not read."""
    warnings: list[str] = field(default_factory=list)
    """What is odd in it though it can be loaded, a clause each."""
    asks_date_columns: bool = False
    """In a replay: whether a date may be read otherwise for what its column shows."""
    date_habits: dict[str, Habit] = field(default_factory=dict)
    """In a replay: what the whole dump's date columns show, by field."""
    was_killed: bool = False
    """Whether the system killed what read it, as it does when memory is short."""

    def add_format(self, name: str) -> None:
        """Note that a member was read as this format."""
        if name not in self.format.split(" + "):
            self.format = f"{self.format} + {name}" if self.format else name

    def add_members(self, other: Tally) -> None:
        """Add what became of the members in the next part of the same archive."""
        self.members_read += other.members_read
        self.members_without_total += other.members_without_total
        self.wrong_totals += other.wrong_totals
        self.broken_members += other.broken_members
        self.first_broken = self.first_broken or other.first_broken
        self.first_unread = self.first_unread or other.first_unread
        self.unread_kinds += other.unread_kinds
        self.are_words_counted = self.are_words_counted and other.are_words_counted
        if not self.are_words_counted:
            self.words_seen = self.words_accounted = None
        elif other.words_seen is not None and other.words_accounted is not None:
            self.words_seen = (self.words_seen or 0) + other.words_seen
            self.words_accounted = (self.words_accounted or 0) + other.words_accounted

    def add_columns(self, other: Columns) -> None:
        """Note the columns of a member: what one has, the dump has."""
        before = self.columns or other
        found = tuple(dict.fromkeys(before.found + other.found))
        self.columns = Columns(found, before.missing & other.missing)

    def add_beside(self, place: str, found: Mapping[str, int]) -> None:
        """Note long texts that no article of a member holds."""
        known = self.beside.setdefault(place, {})
        known |= {path: max(count, known.get(path, 0)) for path, count in found.items()}

    def add_doubt(self, place: str, doubt: Doubt) -> None:
        """Note what is doubtful in a member; of pages once, for those of all its ranges."""
        if not doubt.pages:
            self.warnings.append(place + doubt.warning)
            return
        known = self.doubts.get(place)
        self.doubts[place] = replace(known, pages=known.pages + doubt.pages) if known else doubt

    def hold_total(self, place: str, declared_before: int | None, read_before: int) -> None:
        """Hold the total that a member of an archive states against what was read of it; the numbers before it."""
        read = self.articles_read - read_before
        if self.articles_declared is None or self.articles_declared == declared_before:
            self.members_without_total += read > 0
        elif (declared := self.articles_declared - (declared_before or 0)) != read:
            self.wrong_totals.append(place + words.differs_from_stated(declared, read))

    def judge_totals(self) -> None:
        """Warn of members with other totals. That of the dump is known only where all of them state theirs."""
        if self.members_read > 1:
            self.warnings += self.wrong_totals
        if self.members_without_total:
            self.articles_declared = None

    def add_marks(self, marks: int) -> None:
        """Count marks; until the first were looked for, nothing is known of them."""
        self.marks_seen = (self.marks_seen or 0) + marks

    def add_account(self, account: Account, balance: Balance | None, place: str) -> None:
        """Note the words of a member, and what its records lack."""
        self.add_words(balance, place)
        self.warnings += [place + warning for warning in account.unfilled.told()]

    def add_words(self, balance: Balance | None, place: str) -> None:
        """Note the words of a member, None where they cannot be counted; `place` is what its positions begin with."""
        if balance is None:
            self.are_words_counted = False
            self.words_seen = self.words_accounted = None
            return
        if balance.warning:
            self.warnings.append(place + balance.warning)
        if not self.are_words_counted:
            return
        self.words_seen = (self.words_seen or 0) + balance.seen
        self.words_accounted = (self.words_accounted or 0) + balance.accounted
