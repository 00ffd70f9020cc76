"""Line breaks within the cells of an OpenDocument spreadsheet, which the library that reads it drops."""

from __future__ import annotations

import io
import re
import zipfile

from etl.formats.workbook.file import CONTENT, Book

_BREAK = re.compile(rb"<text:line-break\s*(?:/>|>\s*</text:line-break\s*>)")
_ROW_END = b"</table:table-row>"
_BESIDE = ("mimetype", "META-INF/manifest.xml")
"""What tells a library that it is one."""


def with_breaks(book: Book) -> io.BytesIO:
    """The workbook as a file in which its line breaks are characters; as it came where it has none."""
    if CONTENT not in book.parts or not any(map(_BREAK.search, book.rows(CONTENT))):
        return io.BytesIO(book.data.getvalue())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in filter(book.parts.__contains__, _BESIDE):
            archive.writestr(name, book.whole(name), zipfile.ZIP_STORED)
        with archive.open(CONTENT, "w", force_zip64=True) as part:
            ends = b""
            for row in book.rows(CONTENT):
                part.write(ends + _BREAK.sub(b"\n", row))
                ends = _ROW_END
    target.seek(0)
    return target
