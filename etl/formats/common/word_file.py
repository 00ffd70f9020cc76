"""The text part of a Word file (Office Open XML), unpacked in bounded memory."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from etl.formats.common.markup import LIMIT_BYTES, read_whole
from etl.model import DumpError

LIMIT_UNPACKED_BYTES = 2 * LIMIT_BYTES


def document_xml(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of word/document.xml. Raises DumpError where there is none, or it is larger than text can be."""
    packed = io.BytesIO(read_whole(stream))
    seen = 0
    try:
        with zipfile.ZipFile(packed) as parts, parts.open("word/document.xml") as document:
            while chunk := document.read(1 << 16):
                seen += len(chunk)
                if seen > LIMIT_UNPACKED_BYTES:
                    raise DumpError(
                        f"unpacks to more than {LIMIT_UNPACKED_BYTES >> 20} MB, which no text does; split it"
                    )
                yield chunk
    except (zipfile.BadZipFile, KeyError, NotImplementedError, zlib.error, EOFError) as error:
        raise DumpError(f"is not a readable Word file: {error}; export it again as docx") from None
