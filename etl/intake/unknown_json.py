"""JSON in which no format knows an article: an answer without any, or an error instead of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from etl.words import shown

_UNKNOWN = (
    ": it is JSON, in which no field is known as a headline or a text; name it in a stanza of sources.toml with "
    'format = "jsonl", and which field is what by `columns`'
)
_ERRORS = frozenset(("error", "errors", "fault", "exception", "errorcode", "error_code", "errormessage"))
_MESSAGES = (
    *("message", "detail", "error_description", "description", "title", "faultstring", "reason"),
    *("error", "errors", "fault"),
)
_OF_MESSAGES = frozenset(("message", "detail", "documentation_url"))
_FAILED = frozenset(("error", "fail", "failed", "failure", "ko"))
_PROSE_CHARACTERS = 200
"""A text of an article is longer than what is said of an answer."""


def what_json(head: bytes) -> str:
    """What a file of JSON is that begins so, and what to do."""
    try:
        value = orjson.loads(head)
    except orjson.JSONDecodeError:
        return _UNKNOWN  # cut, or in lines
    if isinstance(value, Mapping) and (message := _error(value)):
        return (
            f": it is an answer of a server that says {shown(message)}, not a dump; fetch the dump again once that "
            "is settled"
        )
    if _is_empty(value):
        return (
            ": it is an answer without articles; if none were expected, take it out of the landing folder, else "
            "ask for the dump again"
        )
    return _UNKNOWN


def _error(value: Mapping[str, Any]) -> str:
    """What an error says; '' where the value is none."""
    names = {name.casefold(): held for name, held in value.items()}
    code = names.get("status", names.get("statuscode", names.get("code")))
    is_failed = str(names.get("status", "")).casefold() in _FAILED or (
        isinstance(code, int) and 400 <= code < 600 and not any(isinstance(held, list) for held in names.values())
    )
    is_error = is_failed or any(names.get(name) for name in _ERRORS) or names.keys() <= _OF_MESSAGES
    return _message(value) if is_error else ""


def _message(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _message(value[0]) if value else ""
    if not isinstance(value, Mapping):
        return ""
    names = {name.casefold(): held for name, held in value.items()}
    return next((said for name in _MESSAGES if (said := _message(names.get(name)))), "")


def _is_empty(value: Any) -> bool:
    """Whether there is a list or an object without anything in it, and no long text and no filled list."""
    if isinstance(value, list):
        return not value
    if not isinstance(value, Mapping):
        return False
    held = list(value.values())
    lists = [each for each in held if isinstance(each, list)]
    objects = [each for each in held if isinstance(each, Mapping)]
    if any(lists) or any(isinstance(each, str) and len(each) >= _PROSE_CHARACTERS for each in held):
        return False
    return not value or bool(lists) or any(map(_is_empty, objects))
