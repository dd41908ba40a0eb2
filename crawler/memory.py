"""What was last seen on a way in, so that only what is new or changed is asked for. Does no input or output."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from presswatch.models import Candidate

# A feed has tens of items; a sitemap of thousands is compared by what the store knows instead.
MAX_ITEMS = 1000
# What moves in a feed with every build of it, though nothing is new.
_VOLATILE = re.compile(rb"<(?:lastBuildDate|slash:comments|ttl|generator)>[^<]{0,100}</")
_HEADER = "v1"


def fingerprint(body: bytes) -> str:
    """What tells whether an answer says the same as the one before."""
    return hashlib.sha256(_VOLATILE.sub(b"", body)).hexdigest()


def mark(candidate: Candidate) -> str:
    """What a way in says of an article, in a few characters: another mark means that the article was edited."""
    said = "\x1f".join((candidate.title or "", str(candidate.modified_at or ""), candidate.content_html or ""))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The answer's fingerprint, and a mark for each canonical address that it named, in its order."""

    fingerprint: str = ""
    items: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """The form that is stored: a header, then an item a line."""
        lines = [f"{text} {url}" for url, text in list(self.items.items())[:MAX_ITEMS]]
        return "\n".join((f"{_HEADER} {self.fingerprint}", *lines))

    @classmethod
    def read(cls, text: str) -> "Seen":
        """The stored form again; anything else is as if nothing had been seen."""
        header, *lines = text.split("\n") if text else [""]
        version, _, print_ = header.partition(" ")
        if version != _HEADER:
            return cls()
        pairs = (line.partition(" ") for line in lines)
        return cls(fingerprint=print_, items={url: text for text, _, url in pairs if url})

    def changed(self, url: str, candidate: Candidate) -> bool:
        """Whether this way said something else of the article before; False where it had not named it."""
        return self.items.get(url, mark(candidate)) != mark(candidate)

    def vanished(self, now_named: Sequence[str]) -> tuple[str, ...]:
        """The addresses that went though older ones stayed, or though too little came to push them out.

        A feed of the newest N loses its oldest with each new one; what else goes missing was probably removed.
        """
        named = set(now_named)
        gone = [url for url in self.items if url not in named]
        if not gone:
            return ()
        pushed_out = sum(url not in self.items for url in named)
        known = list(self.items)
        last_kept = max((n for n, url in enumerate(known) if url in named), default=-1)
        inside = [url for n, url in enumerate(known) if url not in named and n < last_kept]
        return tuple(inside if len(gone) <= pushed_out else gone)
