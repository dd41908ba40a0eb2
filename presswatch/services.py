"""Real things put together, and only here: settings, catalogue, store, archive, knowledge.

Each is made when it is first asked for, so that a command pays only for what it uses.
"""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import TYPE_CHECKING

from presswatch import access, catalogue, recipients
from presswatch.errors import ConfigError, StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from pipelines.knowledge import Knowledge
    from presswatch.archive import Archive
    from presswatch.models import DigestPlan, Source, SourceHealth
    from presswatch.second_reader.reader import SecondReader
    from presswatch.settings import Settings
    from presswatch.store import Store


class Services:
    """What jobs and commands work with; close it, or use it as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __enter__(self) -> Services:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store; everything else holds nothing open between two calls."""
        if "store" in self.__dict__:
            self.store.close()
            del self.__dict__["store"]

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Every source of the catalogue, the disabled ones too."""
        return catalogue.load_sources(self.settings.file("sources.yaml"))

    @property
    def enabled(self) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.enabled)

    def chosen(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """The sources of these ids, in the catalogue's order; all enabled ones where none is named.

        Raises `UsageError` for an id that the catalogue does not hold.
        """
        wanted = list(ids)
        known = {source.id: source for source in self.sources}
        for name in wanted:
            if name not in known:
                raise UsageError(f"There is no source {name!r}. The catalogue has {', '.join(known)}.")
        return tuple(s for s in self.sources if s.id in wanted) if wanted else self.enabled

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """The topics of `topics.yaml`: what each id is called."""
        from presswatch import watches

        return {topic.id: topic.title for topic in watches.load_topics(self.settings.file("topics.yaml"))}

    @cached_property
    def digests(self) -> tuple[DigestPlan, ...]:
        return catalogue.load_digests(self.settings.file("digests.yaml"), self.settings.environ, frozenset(self.topics))

    def digest_plan(self, name: str) -> DigestPlan:
        """The digest of this name; raises `UsageError` where there is none."""
        for plan in self.digests:
            if plan.name == name:
                return plan
        known = ", ".join(plan.name for plan in self.digests) or "none"
        raise UsageError(f"There is no digest {name!r}. digests.yaml has: {known}.")

    def health(self, now: datetime, sources: Sequence[Source] | None = None) -> tuple[SourceHealth, ...]:
        """How each of these sources does, or each that is enabled: the word, the sentence, the advice."""
        from presswatch.monitoring import health

        chosen = self.enabled if sources is None else sources
        return health.of_all(chosen, self.store.sources.histories(chosen, now=now))

    def read_small(self) -> None:
        """Read what is read quickly and kept while the service runs; raises `ConfigError`."""
        _ = self.sources, self.digests, self.topics
        access.of(self.settings)
        for recipient in self.settings.alerts.to:
            try:
                recipients.filled(recipient, self.settings.environ)
            except ConfigError as error:
                raise ConfigError(f"{self.settings.file('presswatch.toml')}, [alerts] to: {error}") from None

    def read_everything(self) -> None:
        """Read every config file now, so that a mistake in any of them is said before anything starts."""
        from presswatch import names, watches
        from presswatch.regions import load_regions

        self.read_small()
        country = watches.load_watch(self._watch_file, self.settings.file).country
        load_regions(self.settings.file("regions.yaml"), country.code, country.name, towns=())
        names.load_names(self.settings.config_dirs[0] / "names", self.settings.config_dirs[-1] / "names")

    @property
    def _watch_file(self) -> Path:
        return self.settings.file(f"watches/{self.settings.watch}.yaml")

    @cached_property
    def store(self) -> Store:
        from presswatch.store import Store

        try:
            self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The data folder {self.settings.data_dir} cannot be made: {error.strerror}. Choose another --data, or"
                " give this user the right to."
            ) from error
        settings = self.settings
        return Store.open(settings.database_url, lock_dir=settings.data_dir, archive_dir=settings.archive_dir)

    @cached_property
    def archive(self) -> Archive:
        from presswatch import archive

        chosen = self.settings.archive
        return archive.opened(
            chosen.address, self.settings.archive_dir, max_bytes=chosen.max_file, machine=self.settings.machine
        )

    def check_archive(self) -> None:
        """Where several machines share the store, see that this one has its archive: others' pages lie there.

        Raises `ConfigError` for another archive than the store's.
        """
        if not self.store.shared:
            return
        with self.store.upgrading() as (connection, note):
            theirs, ours = self.store.made("archive", connection), self.archive.mark()
            if theirs is None:
                number = int(ours) if ours.isdecimal() else secrets.randbelow(2**31 - 2) + 1
                if not ours:
                    self.archive.set_mark(str(number))
                note("archive", number)
            elif ours != str(theirs):
                raise ConfigError(
                    f"The archive of this machine, {self.settings.archive.address or self.settings.archive_dir}, is not"
                    " the one that the store's pages lie in. Name the same shared folder or address on every machine,"
                    " by PRESSWATCH_ARCHIVE or [archive] address; where it was moved, copy its file"
                    " presswatch-archive as well."
                )

    @cached_property
    def knowledge(self) -> Knowledge:
        """What the steps know: the watch, the names, the places and the topics, compiled."""
        from pipelines.knowledge import compile_knowledge
        from pipelines.tagging.index import build
        from presswatch import gazetteer, names, watches

        settings = self.settings
        watch = watches.load_watch(self._watch_file, settings.file)
        known = names.load_names(settings.config_dirs[0] / "names", settings.config_dirs[-1] / "names")
        towns = gazetteer.load_gazetteer(settings.cache_dir, watch.country.code)
        topics = watches.load_topic_rules(settings.file("topics.yaml"))
        return compile_knowledge(watch, build(known, towns, watch.country.code), topics)

    @cached_property
    def second_reader(self) -> SecondReader:
        """Whoever is asked beside the rules, with one budget of time for as long as these services live."""
        from presswatch.second_reader.reader import SecondReader

        known = self.knowledge
        return SecondReader(self.settings.second_reader, subject=known.watch.title, names=known.names)
