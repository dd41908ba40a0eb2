"""An article's passages: headline, lead, paragraphs, items, headings, and what is not news. Does no input or output.

Boilerplate is what every release of a company carries (About NVIDIA, statements
about the future, contacts, trademarks) and what sends the reader elsewhere. It
stays in the text and is never evidence.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipelines.vocabulary import Hit, Lexicon, fold
from presswatch.models import Article

HEADLINE, LEAD, PARAGRAPH, ITEM, HEADING, BOILERPLATE = (
    "headline", "lead", "paragraph", "item", "heading", "boilerplate",
)  # fmt: skip


class Passage(NamedTuple):
    """One block of an article; `start` and `end` count in `Article.document`, without a list or heading mark."""

    kind: str  # "headline", "lead", "paragraph", "item", "heading", "boilerplate"
    start: int
    end: int
    section: int  # number of the heading above it, 0 before the first
    text: str

    @property
    def is_news(self) -> bool:
        return self.kind != BOILERPLATE


# A heading that says the rest is about the company: "About NVIDIA", "À propos de NVIDIA", "NVIDIAについて".
_ABOUT = re.compile(
    r"^(?:about|à propos d[e’']|über|acerca de|sobre|informazioni su|chi è|notes? to editors?"
    r"|关于|關於)\s*(?!(?:the|this|our|these|those|das|die|el|la|los|las|o|a|os|as)\s)(?P<who>\S.{0,60})$"
    # "Sobre a NVIDIA": behind an article, a proper name; languages that write every noun or heading so are left out.
    r"|^(?:sobre|acerca de|a proposito di|informazioni su)\s(?:o|a|la|el)"
    r"\s(?-i:[A-Z][\w.&]*(?:\s[A-Z0-9][\w.&]*){0,3})$"
    r"|^\S.{0,40}(?:について|에 대하여|에 대해|\s?소개)$",
    re.IGNORECASE,
)
# What only releases say, in the languages releases are written in. Two different ones make a statement.
_LEGAL = (
    "forward-looking", "forward looking", "risks and uncertainties", "subject to risks", "differ materially",
    "actual results", "undertake no", "undertakes no", "not undertake", "securities and exchange commission",
    "form 10-", "private securities litigation", "safe harbor", "safe harbour", "trademark", "all rights reserved", "©",
    "pricing, availability and specifications", "without notice", "economic conditions", "dependence on third part",
    "loss of performance", "certain statements", "statements here", "statements in this", "look to the future",
    "déclarations prospectives", "risques et incertitudes", "marques déposées", "marque déposée",
    "marques commerciales",
    "tous droits réservés", "zukunftsgerichtete aussagen", "risiken und unsicherheiten",
    "eingetragene marke",
    "alle rechte vorbehalten", "warenzeichen", "declaraciones prospectivas", "riesgos e incertidumbres",
    "marcas registradas", "marcas comerciales", "todos los derechos reservados", "dichiarazioni previsionali",
    "rischi e incertezze", "marchi registrati", "marchi commerciali", "tutti i diritti riservati",
    "declarações prospectivas", "riscos e incertezas", "todos os direitos reservados", "将来予測", "将来の見通し",
    "リスクと不確実性", "登録商標", "商標です", "無断転載", "미래예측", "위험과 불확실성", "등록상표", "상표입니다",
    "前瞻性", "風險與不確定", "风险和不确定", "註冊商標", "注册商标", "版權所有", "版权所有",
)  # fmt: skip
# What makes a notice by itself.
_ALONE = (
    "©", "trademarks of ", "trademark of ", "all rights reserved", "tous droits réservés", "alle rechte vorbehalten",
    "版權所有", "版权所有",
)  # fmt: skip
_CONTACT = re.compile(
    r"(?:media|press|investor|public|contacts?\b|for (?:further|more) information,? (?:please )?(?:contact|visit)"
    r"|contact presse|contacts? presse|pressekontakt|contacto de prensa|contatti stampa|contato (?:de|para) imprensa"
    r"|報道関係|本件に関する|언론 문의|보도자료 문의|媒體聯絡|媒体联系)[^.]{0,60}"
    r"(?:contacts?|relations|inquiries|enquiries|:|$)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{2,20}")
_TELEPHONE = re.compile(r"\+\d[\d\s().-]{7,18}\d")
# One sentence that sends the reader on. Long ones are text that happens to begin so.
_TEASER = re.compile(
    r"^(?:learn (?:more|how|about)|read (?:more|how|about|the|our)|see (?:how|also)|hear (?:from|more)|don['’]t miss"
    r"|find out more|related|watch (?:the|on|now|jensen|gtc)|register (?:now|for|today)|subscribe|sign up|follow "
    r"|explore |download |check out|join (?:us|the conversation)|stay tuned|visit |editor['’]s note|skip to"
    r"|featured image|image courtesy|photo|discover more|get started|tune in|catch up"
    r"|apprenez-en|en savoir plus|découvrez|lire aussi|à lire|inscrivez-vous|consultez|pour en savoir"
    r"|erfahren sie|mehr (?:dazu|erfahren|lesen|über)|lesen sie|weitere informationen|jetzt anmelden|siehe auch"
    r"|más información|conoc[ea] más|lee también|descubr[ea]|obtén más|inscríb|regístr"
    r"|scopri|per saperne di più|leggi (?:anche|di più)|maggiori informazioni|iscriviti|registrati"
    r"|saiba mais|leia (?:mais|também)|confira|conheça|inscreva-se|assista"
    r"|詳しくは|詳細は|関連記事|続きを読む|こちらから"
    r"|자세한 (?:내용|정보)|더 알아보|관련 기사|더 많은 정보"
    r"|了解更多|瞭解更多|閱讀更多|阅读更多|相關文章|相关文章|延伸閱讀|延伸阅读|深入了解|欲了解)",
    re.IGNORECASE,
)
_RELATED_POSTS = (
    r"related (?:posts|articles|news|stories|content)|more (?:from|news|stories)|you may also like|recommended"
    r"|latest (?:news|posts)|articles (?:liés|connexes|similaires)|sur le même sujet|ähnliche (?:beiträge|artikel)"
    r"|weitere (?:beiträge|artikel)|artículos relacionados|entradas relacionadas|articoli correlati"
    r"|artigos relacionados|posts relacionados|関連(?:記事|ニュース|リンク)|おすすめ記事"
    r"|관련 (?:기사|글|뉴스|콘텐츠|게시물)"
    r"|相關(?:文章|新聞|報導)|相关(?:文章|新闻|报道|阅读)|延伸閱讀|延伸阅读"
)
_CONTACTS = (
    r"(?:media |press )?contacts?|contacts? presse|(?:presse)?kontakt|contactos?(?: de prensa)?|contatti(?: stampa)?"
    r"|contatos?(?: (?:de|para) imprensa)?|お問い合わせ(?:先)?|問い合わせ先|문의(?:처)?"
    r"|聯絡(?:我們|方式|人)?|联系(?:我们|方式|人)?"
)
_RELATED = re.compile(rf"^(?:{_RELATED_POSTS})\W{{0,3}}$", re.IGNORECASE)
_CONTACT_HEADING = re.compile(rf"^(?:{_CONTACTS})\W{{0,3}}$", re.IGNORECASE)
_RELATED_LINE = re.compile(rf"^(?:{_RELATED_POSTS})\s?[:：]", re.IGNORECASE)
_TEASER_LENGTH = 160
_END_MARKS = (".", "!", "?", "。", "！", "？", ":", "»", "”", '"')


@lru_cache(maxsize=1)
def _notices() -> Lexicon:
    return Lexicon([("alone", f"{phrase}*") for phrase in _ALONE] + [("legal", f"{phrase}*") for phrase in _LEGAL])


def _is_about(text: str) -> bool:
    return len(text) <= 80 and not text.endswith(_END_MARKS) and _ABOUT.match(text) is not None


def _are_notice(notices: Sequence[Hit], folded: str) -> bool:
    """Whether these phrases of one block make it a notice: one that does so alone, or two different ones."""
    return bool(notices) and (
        any(hit.category == "alone" for hit in notices) or len({folded[h.start : h.end] for h in notices}) >= 2
    )


def _sends_on(text: str) -> bool:
    """Whether one block, by itself, sends the reader elsewhere rather than telling news."""
    if len(text) > _TEASER_LENGTH:
        return False
    return (
        _RELATED_LINE.match(text) is not None
        or _TEASER.match(text) is not None
        or _CONTACT.match(text) is not None
        # No address without its sign, no telephone number without its plus: most blocks are spared the search.
        or ("@" in text and _ADDRESS.search(text) is not None)
        or ("+" in text and _TELEPHONE.search(text) is not None)
    )


def _blocks(document: str, begin: int) -> list[tuple[str, int, int]]:
    """Mark, start and end of every non-empty line from `begin` on; the mark is "## ", "- " or ""."""
    blocks = []
    position = begin
    for line in document[begin:].split("\n"):
        mark = "- " if line.startswith("- ") else "## " if line.startswith("## ") else ""
        body = line[len(mark) :]
        start = position + len(line) - len(body.lstrip())
        end = start + len(body.strip())
        if end > start:
            blocks.append((mark, start, end))
        position += len(line) + 1
    return blocks


def split(article: Article) -> tuple[Passage, ...]:
    """Every block of the article in order, the headline first; the first paragraph of news is the lead."""
    document = article.document
    title = article.title
    passages = [Passage(kind=HEADLINE, start=0, end=len(title), section=0, text=title)] if title.strip() else []
    folded = fold(document)
    notices = _notices().scan(document, folded)  # once for all blocks: no phrase reaches over a line's end
    section = 0
    told = closing = False  # told: the lead was seen; closing: below "About …" or "Related posts"
    for mark, start, end in _blocks(document, len(title) + 1):
        text = document[start:end]
        heading = mark == "## "
        if _is_about(text) or _RELATED.match(text) or (heading and told and _CONTACT_HEADING.match(text)):
            closing = True
        elif heading:
            closing = False
        section += heading
        kind = BOILERPLATE
        own = [hit for hit in notices if start <= hit.start and hit.end <= end] if notices else notices
        if not closing and not _are_notice(own, folded) and not _sends_on(text):
            kind = HEADING if heading else ITEM if mark else PARAGRAPH if told or not _opens(text) else LEAD
            told = told or kind == LEAD
        passages.append(Passage(kind, start, end, section, text))
    return tuple(passages)


def _opens(text: str) -> bool:
    """Whether a paragraph can be the lead: a sentence, not a label, a credit or a single word."""
    return len(text) > 60 or text.endswith(_END_MARKS)
