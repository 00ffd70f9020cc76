"""An article of Factiva (Dow Jones), made from its fields, for the readers of its HTML and its XML.

Factiva calls each part of an article by a code of two or three letters (HD headline, BY byline, WC word count, ...).
All layouts are translated to these codes first, and the codes to a record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from etl.formats.common.pieces import without_empty
from etl.formats.vendor.labels import CAPTIONS
from etl.model import RawRecord

# Code -> raw field that takes it as it stands.
RAW = {
    "HD": "headline",
    "SE": "section",
    "SN": "publication",
    "ED": "edition",
    "PG": "page",
    "LA": "language",
    "AN": "native_id",
}
# Raw field <- the codes that make it up, and what separates them.
JOINED = {
    "byline": (("BY", "CR"), "; "),
    "published": (("PD", "ET"), " "),
    "body": (("LP", "TD"), "\n\n"),
}
# Code -> scheme of the labels that it lists as "code : name | code : name".
LABELS = {"CO": "company", "IN": "industry", "NS": "subject", "RE": "geographic", "PE": "person"}
# Code -> name in `extra`; an unknown code stands there under its own name.
EXTRA = {
    "WC": "word_count",
    "SC": "source_code",
    "CLM": "column",
    "VOL": "volume",
    "CY": "copyright",
    "ART": "art",
    "CT": "contact",
    "RF": "reference",
    "PUB": "publisher",
}
CODES = frozenset((*RAW, *LABELS, *EXTRA, *(code for codes, _ in JOINED.values() for code in codes)))
"""The codes that are known."""
_CAPTION = re.compile(rf"(?:{CAPTIONS})(?:\.?$|:| of [^.]{{1,80}}, (?:indicating|showing|locating)\b)", re.IGNORECASE)
_TAKEN = {*RAW, *LABELS, *(code for codes, _ in JOINED.values() for code in codes)}


def record(position: str, fields: Mapping[str, str], labels: Sequence[list[str]] = ()) -> RawRecord:
    """The raw record of an article with these fields by code; `labels` are those not listed in its fields."""
    fields = _captions_apart(fields)
    found: RawRecord = {name: fields[code] for code, name in RAW.items() if fields.get(code)}
    for name, (codes, mark) in JOINED.items():
        found[name] = mark.join(fields[code] for code in codes if fields.get(code))
    found["labels"] = [*(label for code in LABELS for label in _labels(code, fields.get(code, ""))), *labels]
    found["extra"] = {
        EXTRA.get(code, code.lower()): value for code, value in fields.items() if value and code not in _TAKEN
    }
    return {"position": position} | without_empty(found)


def _captions_apart(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields, with captions that end the text moved to the art; a text of captions stays."""
    code = "TD" if fields.get("TD") else "LP"
    text = fields.get(code, "").split("\n\n")
    end = len(text)
    while end > 1 and _CAPTION.match(text[end - 1]):
        end -= 1
    art = "\n\n".join(filter(None, [fields.get("ART", ""), *text[end:]]))
    return {**fields, code: "\n\n".join(text[:end]), "ART": art}


def _labels(code: str, text: str) -> list[list[str]]:
    found = []
    for term in filter(None, map(str.strip, text.split("|"))):
        left, mark, right = term.partition(" : ")
        found.append([LABELS[code], left.strip() if mark else "", right.strip() if mark else left])
    return found
