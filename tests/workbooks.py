"""Workbooks of invented rows: the smallest xlsx and ods that Excel and LibreOffice would open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_DATE, _TIME = 1, 2
"""Styles of cells: a number that is a day, one that is a moment."""
Rows = Sequence[Sequence[Any]]
Links = Mapping[str, str]


def xlsx(
    sheets: Mapping[str, Rows], *, links: Links | None = None, is_1904: bool = False, is_inline: bool = False
) -> bytes:
    """A workbook with these sheets. `links`: the addresses of cells of the first one; `is_inline`: texts stand in their
    cells, as some programs write them."""
    shared: dict[str, int] = {}
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _relations({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _workbook(list(sheets), is_1904),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"s{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n, _ in enumerate(sheets, 1)}
            | {"x1": ("sharedStrings", "sharedStrings.xml"), "x2": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": _STYLES,
    }
    for number, rows in enumerate(sheets.values(), 1):
        cells = "".join(_row(at, row, None if is_inline else shared, is_1904) for at, row in enumerate(rows, 1))
        tail = ""
        if links and number == 1:
            found = "".join(f'<hyperlink ref="{cell}" r:id="h{at}"/>' for at, cell in enumerate(links))
            tail = f"<hyperlinks>{found}</hyperlinks>"
            parts["xl/worksheets/_rels/sheet1.xml.rels"] = _relations(
                {f"h{at}": ("hyperlink", address) for at, address in enumerate(links.values())}
            )
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheetData>{cells}</sheetData>{tail}</worksheet>'
        )
    texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}" uniqueCount="{len(shared)}">{texts}</sst>'
    return packed(parts)


def ods(sheets: Mapping[str, Rows]) -> bytes:
    """The same as an OpenDocument spreadsheet."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_table_row, rows))}</table:table>"
        for name, rows in sheets.items()
    )
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}, stored=("mimetype",))


def packed(parts: Mapping[str, str | bytes], stored: Sequence[str] = ()) -> bytes:
    """A zip of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    outside = {"hyperlink": ' TargetMode="External"'}
    found = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target={quoteattr(target)}{outside.get(kind, "")}/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{found}</Relationships>'


def _workbook(names: Sequence[str], is_1904: bool) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="s{number}"/>' for number, name in enumerate(names, 1)
    )
    system = '<workbookPr date1904="1"/>' if is_1904 else "<workbookPr/>"
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{system}<sheets>{sheets}</sheets></workbook>'


def _row(number: int, row: Sequence[Any], shared: dict[str, int] | None, is_1904: bool) -> str:
    cells = "".join(
        _cell(f"{_letters(at)}{number}", value, shared, is_1904) for at, value in enumerate(row) if value is not None
    )
    return f'<row r="{number}">{cells}</row>' if cells else ""


def _cell(place: str, value: Any, shared: dict[str, int] | None, is_1904: bool) -> str:
    match value:
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case datetime():
            return f'<c r="{place}" s="{_TIME}"><v>{_days(value, is_1904)}</v></c>'
        case date():
            return f'<c r="{place}" s="{_DATE}"><v>{int(_days(datetime(*value.timetuple()[:3]), is_1904))}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value!r}</v></c>'
        case _ if shared is None:
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case _:
            return f'<c r="{place}" t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'


def _days(moment: datetime, is_1904: bool) -> float:
    since = moment - (datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30))
    return since.days + since.seconds / 86_400


def _letters(column: int) -> str:
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def _table_row(row: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_table_cell, row))}</table:table-row>"


def _table_cell(value: Any) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
            return f"<table:table-cell {kind}><text:p>{str(value).upper()}</text:p></table:table-cell>"
        case datetime() | date():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
            return f"<table:table-cell {kind}><text:p>{value.isoformat()}</text:p></table:table-cell>"
        case int() | float():
            kind = f'office:value-type="float" office:value="{value!r}"'
            return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"
        case _:
            texts = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
            return f'<table:table-cell office:value-type="string">{texts}</table:table-cell>'
