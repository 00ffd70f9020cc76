"""How sentences end, whatever the script."""

from __future__ import annotations

SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "।")
"""The last character of a line that is a sentence, not a label, a name or a headline."""
