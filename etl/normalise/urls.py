"""Web addresses without what only tracks the reader."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa

STRING = pd.ArrowDtype(pa.string())
TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_(?:campaign|kwd)|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|mkt_tok"
    r"|_ga|cmpid|ocid|ncid|ito|ref_src|smid|xtor)=",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\s*(https?)://(?:[^/?#@\s]*@)?([^/?#:\s]+)(?::(\d*))?([^?#\s]*)(?:\?([^#\s]*))?", re.IGNORECASE)
DEFAULT_PORTS = {"http": "80", "https": "443"}


def canonical_urls(urls: pd.Series) -> pd.DataFrame:
    """Returns each address without tracking parameters and fragment, its scheme and host in lower case.

    In: strings. Out: `url` and `domain` (its host without www), both string; null where the value is not
    an http address.
    """
    rows = [_canonical(url) if url else (None, None) for url in urls.array._pa_array.to_pylist()]
    columns = {"url": [url for url, _ in rows], "domain": [domain for _, domain in rows]}
    return pd.DataFrame({name: pd.array(values, dtype=STRING) for name, values in columns.items()}, index=urls.index)


def canonical_url(url: str) -> str | None:
    """Returns one address as `canonical_urls` does; None where it is not an http address."""
    return _canonical(url)[0]


def _canonical(url: str) -> tuple[str | None, str | None]:
    found = ADDRESS.match(url)
    if not found:
        return None, None
    scheme, host, port, path, query = found.groups()
    scheme, host = scheme.lower(), host.lower()
    if port and port != DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    kept = [part for part in query.split("&") if part and not TRACKING.match(part)] if query else []
    address = f"{scheme}://{host}{path or '/'}{'?' if kept else ''}{'&'.join(kept)}"
    return address, host.removeprefix("www.")


def address_of(url: str) -> str:
    """Returns what tells an address from others: without scheme, `www.`, a slash at the end, and the order of its
    parameters; what is not an http address stays as it is."""
    canonical = canonical_url(url)
    if canonical is None:
        return url.strip()
    page, _, query = canonical.partition("://")[2].removeprefix("www.").partition("?")
    return f"{page.rstrip('/')}{'?' if query else ''}{'&'.join(sorted(query.split('&')))}"
