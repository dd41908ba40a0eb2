"""From the bytes of a page to its tree, whatever it declares and however damaged it is. Does no input or output."""

import re

from lxml import etree, html

from pipelines import language
from pipelines.blocks import Element

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
# Encodings that pages in a language use where they declare none, or a wrong one.
_LEGACY = {"ja": ("cp932", "euc_jp"), "ko": ("cp949",), "zh": ("gb18030", "big5")}
# What browsers take a declared name for.
_MEANT = {
    **dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
}
_MAX_PAGE = 12_000_000  # characters; the crawler refuses bodies over 10 MB before

# Characters that HTML may hold and a tree may not: libxml2 takes them in, and lxml refuses to move them. Looked for in
# the bytes, which takes a fifth of the time.
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_WITHOUT_CONTROLS = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_UNFIT_REFERENCE = re.compile(
    rb"&#(?:0{0,9}(?:[0-8]|1[1-24-9]|2\d|3[01]|6553[45])|[xX]0{0,9}(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[eEfF]))"
    rb"(?:;|(?![0-9a-fA-F]))"
)


def _fit(text: str) -> bytes:
    """A page in UTF-8, with a space for each character that a tree cannot hold."""
    page = text.encode("utf-8", "replace").translate(_WITHOUT_CONTROLS)
    for unfit in _NO_CHARACTERS:
        page = page.replace(unfit, b" ")
    return _UNFIT_REFERENCE.sub(b" ", page)


def decode(body: bytes, content_type: str = "", hint: str | None = None) -> str:
    """The characters of a page. UTF-8 wherever the bytes are, but for a few, valid UTF-8, whatever was declared.

    Then what the page or the server declares, then what is usual in the
    language `hint`; a wrong byte becomes a replacement character and loses
    nothing but itself.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace").replace("\x00", "")
    places = (_CHARSET.search(content_type.encode("ascii", "replace")), _CHARSET.search(body[:4096]))
    declared = [_MEANT.get(name := found[1].decode("ascii").lower(), name) for found in places if found]
    # Escape-coded encodings are plain ASCII, and so valid UTF-8, to look at.
    if b"\x1b" not in body or not any(name.startswith(("iso-2022", "hz-")) for name in declared):
        text = body.decode("utf-8", "replace")
        # A cut-off or damaged UTF-8 page has few wrong bytes among its others; in another encoding most are wrong.
        if "\ufffd" not in text or 5 * text.count("\ufffd") <= sum(c > "\x7f" for c in text):
            return text.replace("\x00", "")
    for encoding in (*declared, *_LEGACY.get(language.normal(hint) or "", ())):
        try:
            return body.decode(encoding).replace("\x00", "")
        except (UnicodeError, LookupError):
            continue
    return body.decode("cp1252", "replace").replace("\x00", "")


def parse(text: str) -> Element | None:
    """The tree of an HTML document or fragment; None where there is nothing to make one of."""
    if not text.strip() or len(text) > _MAX_PAGE:
        return None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(_fit(text), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
