"""How well the html reader finds the text of a page, and how fast.

    python benchmarks/html_extraction.py [--worst N]

The pages and the measure are those of scrapinghub/article-extraction-benchmark (181 pages of ../shared/corpora): runs
of four words, counted with repetitions, of the body as it is loaded (after etl.normalise) are compared with those of
the body that a person marked. Precision and recall are averaged over pages; F1 is computed from the two averages. The
interval comes from 1,000 samples of pages. Speed is the CPU time of read() alone, from bytes to raw record, metadata
included. `--worst` lists the pages with the most errors.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import mean, quantiles

import pandas as pd
import pyarrow as pa

from etl.formats import html
from etl.model import Feed
from etl.normalise.text import clean_bodies

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "html-benchmark"
RUN = 4
SAMPLES = 1_000

Shares = tuple[float, float, float]


def main() -> None:
    """Measure, and print."""
    if not CORPUS.is_dir():
        sys.exit(f"the folder of the pages, {CORPUS}, does not exist")
    truth = truth_of(CORPUS)
    pages = {page: gzip.decompress((CORPUS / "html" / f"{page}.html.gz").read_bytes()) for page in sorted(truth)}
    begun = time.process_time()
    raw = {page: _body(data) for page, data in pages.items()}
    spent = time.process_time() - begun
    loaded = dict(zip(raw, clean_bodies(pd.Series(list(raw.values()), dtype=pd.ArrowDtype(pa.string()))), strict=True))
    shares = {page: compared(truth[page], "" if pd.isna(body) else body) for page, body in loaded.items()}
    low, high = _interval(list(shares.values()))
    f1, precision, recall = measured(list(shares.values()))
    print(f"F1 {f1:.4f} ({low:.3f} to {high:.3f}), precision {precision:.4f}, recall {recall:.4f}")
    print(f"{len(pages) / spent:.0f} pages per CPU-second")
    if "--worst" in sys.argv:
        for page in sorted(shares, key=lambda page: shares[page][0])[: int(sys.argv[-1])]:
            print("{} right {:.2f}, too much {:.2f}, missing {:.2f}".format(page[:12], *shares[page]))


def truth_of(folder: Path) -> dict[str, str]:
    """The bodies that a person marked, by page."""
    return {
        page: facts["articleBody"] for page, facts in json.loads((folder / "ground-truth.json").read_text()).items()
    }


def _body(data: bytes) -> str | None:
    pieces = html.read(io.BytesIO(data), Feed("pages"))
    return next((piece.get("body") for piece in pieces if isinstance(piece, dict)), None)


def compared(true: str, found: str) -> Shares:
    """Of all runs of words in either text, the shares in both, only in the text found, and only in the true text."""
    expected, got = _runs(true), _runs(found)
    parts = [(expected & got).total(), (got - expected).total(), (expected - got).total()]
    total = sum(parts) or 1
    return parts[0] / total, parts[1] / total, parts[2] / total


def measured(shares: list[Shares]) -> tuple[float, float, float]:
    """F1, precision and recall over all pages, as the benchmark's evaluate.py computes them."""
    precision = mean(both / (both + extra) for both, extra, _ in shares if both + extra)
    recall = mean(both / (both + missing) for both, _, missing in shares if both + missing)
    return 2 * precision * recall / (precision + recall), precision, recall


def _interval(shares: list[Shares]) -> tuple[float, float]:
    rng = random.Random(0)
    drawn = [measured(rng.choices(shares, k=len(shares)))[0] for _ in range(SAMPLES)]
    cuts = quantiles(drawn, n=40)
    return cuts[0], cuts[-1]


def _runs(text: str) -> Counter[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text)
    runs = (tuple(tokens[start : start + RUN]) for start in range(max(1, len(tokens) - RUN + 1)))
    return Counter(run for run in runs if run)


if __name__ == "__main__":
    main()
