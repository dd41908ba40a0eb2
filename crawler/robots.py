"""What a robots.txt allows us, and a copy of it that spares each host a request a visit."""

import hashlib
import json
import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from protego import Protego

log = logging.getLogger(__name__)

ROBOTS_AGENT = "presswatch"
# RFC 9309 allows a copy to be used for 24 hours.
_KEEP = timedelta(hours=24)
# A larger delay would mean that the site is never read; the visit says what it was asked.
_LONGEST_DELAY = 300.0


class Rules:
    """One robots.txt, read; an empty text allows everything."""

    def __init__(self, text: str) -> None:
        self._parsed = Protego.parse(text)
        self.delay = min(float(self._parsed.crawl_delay(ROBOTS_AGENT) or 0), _LONGEST_DELAY)

    def allow(self, url: str) -> bool:
        return bool(self._parsed.can_fetch(url, ROBOTS_AGENT))


class RobotsCache:
    """Copies of robots.txt files in a folder, each used for a day. Without the folder it only costs requests."""

    def __init__(self, folder: Path | None, now: Callable[[], datetime]) -> None:
        self._folder, self.now = folder, now

    def get(self, url: str) -> str | None:
        """The text last seen at `url`, or None where it has to be asked."""
        kept = self._kept(url)
        return kept[0] if kept and timedelta(0) <= kept[1] < _KEEP else None

    def holds(self, url: str, text: str) -> bool:
        """Whether this is what `url` said the last time, however long ago."""
        kept = self._kept(url)
        return kept is not None and kept[0] == text

    def _kept(self, url: str) -> tuple[str, timedelta] | None:
        """The copy of `url`, and its age."""
        if self._folder is None:
            return None
        try:
            kept = json.loads(self._file(self._folder, url).read_bytes())
            age = self.now() - datetime.fromisoformat(kept["asked_at"])
            text = kept["text"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (text, age) if kept.get("url") == url and isinstance(text, str) else None

    def keep(self, url: str, text: str) -> None:
        if self._folder is None:
            return
        file = self._file(self._folder, url)
        data = json.dumps({"url": url, "asked_at": self.now().isoformat(), "text": text})
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = file.with_suffix(f".{os.getpid()}.new")
            fresh.write_text(data, encoding="utf-8")
            fresh.replace(file)
        except (OSError, ValueError) as error:
            log.warning("The copy of %s cannot be kept in %s: %s", url, self._folder, error)

    @staticmethod
    def _file(folder: Path, url: str) -> Path:
        return folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.json"
