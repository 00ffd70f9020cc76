"""The sign of life after a good night: whoever waits for it (healthchecks.io and the like) notices when it stays out.

The address may contain a secret, so it is never part of a message.
"""

from __future__ import annotations

from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from etl.reports.overview import look_now
from etl.settings import Settings
from etl.warehouse import WarehouseError

TIMEOUT_SECONDS = 10.0


def ping_if_good(settings: Settings) -> str | None:
    """Ping if the night was good, and an address is set. Returns what went wrong, or None; never raises for that."""
    if not settings.ping_url:
        return None
    try:
        problems = look_now(settings).problems
    except WarehouseError as error:
        problems = [str(error)]
    if problems:
        return f"BROADSHEET_PING_URL was not called, because it is not good: {'; '.join(problems)}"
    return ping(settings.ping_url)


def ping(url: str) -> str | None:
    """Call an address once. Returns what went wrong, without the address, or None."""
    trouble = _called(url)
    return trouble and f"BROADSHEET_PING_URL could not be called: {trouble}; the night itself was good"


def _called(url: str) -> str | None:
    try:
        if urlsplit(url).scheme not in ("http", "https"):
            return "it does not begin with https:// or http://"
        with urlopen(Request(url, headers={"User-Agent": "broadsheet"}), timeout=TIMEOUT_SECONDS) as answer:
            answer.read(1)
    except HTTPError as error:
        return f"it answered {error.code}"
    except URLError as error:
        return _named(error.reason) if isinstance(error.reason, OSError) else "no answer"
    except OSError as error:  # among them a timeout while the answer is read
        return _named(error)
    except (ValueError, HTTPException):  # their texts would repeat the address
        return "it is not an address, or what answers does not speak HTTP"
    return None


def _named(error: OSError) -> str:
    return error.strerror or type(error).__name__
