"""The optional second reader: a language model's opinion beside the rules' verdict.

Off unless the environment names an endpoint. It adds and never decides: it
removes no item and changes no verdict, and what it says is shown only as far as
it stands in the article. An endpoint that is down, slow or talks nonsense costs
a warning and a bounded time, and nothing else.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from presswatch.errors import PresswatchError
from presswatch.models import Article, Fact, Level, Opinion, Verdict
from presswatch.second_reader import schema as schema
from presswatch.second_reader.endpoint import Unanswered, ask
from presswatch.second_reader.settings import Endpoint, SecondReaderSettings, endpoint

if TYPE_CHECKING:
    from pipelines.tagging.index import NameIndex

log = logging.getLogger(__name__)

# After a failure the endpoint is left alone for so long, twice as long after the next, up to an hour.
_REST = 60.0
_LONGEST_REST = 3600.0
# An endpoint that knows no JSON mode or no temperature says so with one of these.
_NOT_UNDERSTOOD = frozenset((400, 422))


class SecondReader:
    """Asks one endpoint about one article at a time; made anew for every run.

    `subject` is what the watch is about, in words; `names` are the known names,
    by which "Londres" is found to be London.
    """

    def __init__(
        self,
        settings: SecondReaderSettings,
        *,
        subject: str = "",
        names: "NameIndex | None" = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._subject, self._names, self._clock = subject, names, clock
        self._where: Endpoint | None = endpoint(settings.url) if settings.url else None
        self._left = settings.budget.total_seconds()
        self._rest, self._rests_until = 0.0, 0.0
        self._bare = False
        self._warned: set[str] = set()

    def read(self, article: Article, verdict: Verdict, facts: Iterable[Fact], language: str) -> Opinion | None:
        """An opinion on the article, its summary in `language`; None where there is none to be had. Never raises.

        `verdict` and `facts` are the rules': what the watch is about, where the
        news stands, and figures that are known to stand there.
        """
        if self._where is None or self._clock() < self._rests_until:
            return None
        if self._left <= 0:
            self._warn("budget", "%s has used up its time for this run; the other articles go without.")
            return None
        started = self._clock()
        try:
            said = self._ask(self._where, article, verdict, language, started)
        except Unanswered as error:
            self._unanswered(error, article)
        except schema.Unusable as error:
            self._warn("answer", "%s: %s (first at %s). Its opinion is left out.", error, article.url)
        except Exception as error:
            log.debug("The second reader failed.", exc_info=error)
            self._warn("defect", "%s could not be used (%s, first at %s).", type(error).__name__, article.url)
        else:
            self._answered()
            return self._opinion(said, article, facts, language)
        finally:
            self._left -= self._clock() - started
        return None

    def try_once(self) -> str:
        """Ask about a made-up article, and say that it answered; raises `PresswatchError` that says why it did not."""
        started, article = self._clock(), _trial()
        if self._where is None:
            return "not used."
        try:
            self._ask(self._where, article, Verdict(watch="trial", level=Level.FOCUS, score=1.0), "en", started)
        except (Unanswered, schema.Unusable) as error:
            raise PresswatchError(f"{self.settings.model} at {self._name}: {error}.") from error
        return f"{self.settings.model} at {self._name} answered in {self._clock() - started:.1f} s."

    def _ask(self, where: Endpoint, article: Article, verdict: Verdict, language: str, started: float) -> schema.Answer:
        subject = self._subject or verdict.watch
        settings = self.settings
        while True:
            body = schema.question(
                article, verdict, subject=subject, language=language, model=settings.model, bare=self._bare
            )
            left = min(settings.deadline.total_seconds(), self._left) - (self._clock() - started)
            try:
                return schema.answer(ask(where, settings.key, body, deadline=left, max_bytes=settings.max_answer))
            except Unanswered as error:
                if self._bare or error.status not in _NOT_UNDERSTOOD:
                    raise
                self._bare = True

    def _opinion(self, said: schema.Answer, article: Article, facts: Iterable[Fact], language: str) -> Opinion | None:
        """What is left of an answer when all that does not stand in the article is taken away."""
        try:
            from presswatch.second_reader.grounds import Grounds

            grounds = Grounds(article, facts, self._names)
            return Opinion(
                level=said.level,
                why=grounds.quotation(said.why, longest=schema.MAX_WHY),
                summary=grounds.summary(said.summary, language, most=schema.MAX_SENTENCES, longest=schema.MAX_SENTENCE),
                language=language,
                model=self.settings.model,
            )
        except Exception as error:
            log.debug("The second reader's answer could not be checked.", exc_info=error)
            self._warn("defect", "%s could not be checked (%s, first at %s).", type(error).__name__, article.url)
            return None

    # --- what goes wrong is said once -------------------------------------------------------------------------------

    def _unanswered(self, error: Unanswered, article: Article) -> None:
        if not error.lasting:
            self._warn("answer", "%s %s (first at %s). Its opinion is left out.", error, article.url)
            return
        self._rest = min(2 * self._rest or _REST, _LONGEST_REST)
        self._rests_until = self._clock() + self._rest
        self._warn("down", "%s %s. The verdicts are the rules' and stand; it is asked again later.", error)

    def _answered(self) -> None:
        self._rest = 0.0
        if "down" in self._warned:
            self._warned.discard("down")
            log.info("The second reader at %s answers again.", self._name)

    def _warn(self, kind: str, message: str, *details: object) -> None:
        level = logging.DEBUG if kind in self._warned else logging.WARNING
        self._warned.add(kind)
        log.log(level, message, f"The second reader at {self._name}", *details)

    @property
    def _name(self) -> str:
        return self._where.netloc if self._where else "no address"


def _trial() -> Article:
    """An article that a model can say something about."""
    return Article(
        url="https://example.org/trial",
        source="trial",
        language="en",
        title="A laboratory for artificial intelligence opens in Hull",
        text="A laboratory for artificial intelligence with twelve researchers opens in Hull, England.",
        first_seen_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
