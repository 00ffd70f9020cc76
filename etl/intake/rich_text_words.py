"""What the commands of a Rich Text file stand for, by the specification of RTF 1.9.1."""

from __future__ import annotations

CHARACTERS: dict[bytes, str] = {
    **{b"tab": "\t", b"cell": "\t", b"nestcell": "\t", b"row": "\n", b"nestrow": "\n"},
    **{b"emdash": "\u2014", b"endash": "\u2013", b"bullet": "\u2022", b"lquote": "\u2018", b"rquote": "\u2019"},
    **{b"ldblquote": "\u201c", b"rdblquote": "\u201d", b"emspace": "\u2003", b"enspace": "\u2002"},
    **{b"qmspace": "\u2005", b"zwj": "\u200d", b"zwnj": "\u200c"},
}
SYMBOLS = {b"~": "\xa0", b"_": "\u2011", b"-": "", b"{": "{", b"}": "}", b"\\": "\\"}
BREAKS = {b"par": "\n", b"page": "\n\n", b"sect": "\n\n"}
LEFT_OUT = frozenset(
    b"""colortbl stylesheet info header headerl headerr headerf footer footerl footerr footerf pict objdata fldinst
    listtable listoverridetable revtbl rsidtbl filetbl nonshppict annotation atnid atnauthor xe tc rxe txe pntext
    bkmkstart bkmkend themedata colorschememapping datastore latentstyles xmlnstbl nonesttables ftnsep ftnsepc ftncn
    private shp do background""".split()
)
"""Groups that hold no text of the document; so does any that is marked by an asterisk."""
CHARSETS = {
    **{77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253"},
    **{162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874"},
    **{238: "cp1250", 254: "cp437", 255: "cp850", 0: "cp1252", 2: "cp1252"},
}
OF_MACHINES = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
OF_TWO_BYTES = frozenset(("cp932", "cp949", "johab", "gbk", "cp950", "cp936"))
