"""The text of every page by one extractor, and the processor seconds from the page's bytes to its text.

    python extract_pages.py EXTRACTOR PAGES RESULT

PAGES contains NAME.html.gz; RESULT becomes JSON: cpu_seconds, and bodies by name.
"""

import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Extractor = Callable[[bytes], str | None]


def broadsheet() -> Extractor:
    import io

    from etl.formats import html
    from etl.model import Feed

    def extract(page: bytes) -> str | None:
        pieces = html.read(io.BytesIO(page), Feed("pages"))
        return next((piece.get("body") for piece in pieces if isinstance(piece, dict)), None)

    return extract


def trafilatura() -> Extractor:
    import trafilatura

    return lambda page: trafilatura.extract(page, fast=True, include_comments=False)


def trafilatura_metadata() -> Extractor:
    import trafilatura

    def extract(page: bytes) -> str | None:
        document = trafilatura.bare_extraction(page, fast=True, include_comments=False, with_metadata=True)
        return document.text if document else None

    return extract


def newspaper4k() -> Extractor:
    import newspaper

    def parsed(page: str, **settings: str) -> str:
        article = newspaper.Article("https://news.example/page", fetch_images=False, **settings)
        article.download(input_html=page)
        article.parse()
        return article.text

    def extract(page: bytes) -> str | None:
        text = page.decode("utf-8", "replace")
        try:
            return parsed(text)
        except ImportError:  # the page's language needs a package that is not part of it
            return parsed(text, language="en")

    return extract


def resiliparse() -> Extractor:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def extract(page: bytes) -> str | None:
        tree = HTMLTree.parse_from_bytes(page, detect_encoding(page))
        return extract_plain_text(tree, main_content=True, alt_texts=False, links=False, comments=False)

    return extract


EXTRACTORS = {
    maker.__name__: maker for maker in (broadsheet, trafilatura, trafilatura_metadata, newspaper4k, resiliparse)
}

name, pages, result = sys.argv[1:]
extract = EXTRACTORS[name]()
sources = {path.name.removesuffix(".html.gz"): gzip.decompress(path.read_bytes()) for path in Path(pages).iterdir()}
begun = time.process_time()
bodies = {page: extract(source) or "" for page, source in sources.items()}
cpu_seconds = time.process_time() - begun
Path(result).write_text(json.dumps({"cpu_seconds": cpu_seconds, "bodies": bodies}))
