"""Addresses without what only tracks the reader."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

import pandas as pd
import pyarrow as pa

STRING = pd.ArrowDtype(pa.string())
TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_(?:campaign|kwd)|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|mkt_tok"
    r"|_ga|cmpid|ocid|ncid|ito|ref_src|smid|xtor)=",
    re.IGNORECASE,
)


def canonical_urls(urls: pd.Series) -> pd.DataFrame:
    """Each address without tracking parameters and fragment, its scheme and host in lower case.

    In: strings. Out: `url` and `domain` (its host without www), both string; empty where the value is no
    http address.
    """
    rows = [_canonical(url) if url else (None, None) for url in urls.array._pa_array.to_pylist()]
    columns = {"url": [url for url, _ in rows], "domain": [domain for _, domain in rows]}
    return pd.DataFrame({name: pd.array(values, dtype=STRING) for name, values in columns.items()}, index=urls.index)


def _canonical(url: str) -> tuple[str | None, str | None]:
    try:
        scheme, host, path, query, _ = urlsplit(url.strip())
    except ValueError:
        return None, None
    if scheme.lower() not in ("http", "https") or not host:
        return None, None
    host = host.lower().removesuffix(":80" if scheme.lower() == "http" else ":443")
    if query:
        query = "&".join(part for part in query.split("&") if part and not TRACKING.match(part))
    return urlunsplit((scheme.lower(), host, path or "/", query, "")), host.removeprefix("www.")
