"""A text or an address judged by today's rules and by an edited copy of them, each in a child; keeps nothing."""

from __future__ import annotations

import json
import re
import shutil
import signal
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from presswatch import configfile, watches
from presswatch.children import SAID, Children
from presswatch.errors import ConfigError, PresswatchError, UsageError

if TYPE_CHECKING:
    from presswatch.services import Services

DEADLINE = timedelta(minutes=3)  # of a look and a verdict; on an idle machine they take five seconds
# What a child that tries something may hold: to judge a text takes 210 MB, the first time after an upgrade 530.
MEMORY = 1_000_000_000
_INCLUDED = re.compile(r"[A-Za-z0-9][\w-]*\.yaml")  # a file of the config folder, and no other of this machine
Verdict = dict[str, Any]  # a row of the export, and "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict under today's rules and, where they were edited, under the copy."""

    today: Verdict
    edited: Verdict | None = None


def rules(services: Services) -> str:
    """The watch's file as it stands."""
    return _watch_file(services).read_text("utf-8")


def judge(services: Services, what: str, edited: str = "") -> Judged:
    """Judge a text (its first line is the headline) or a web address.

    Raises `UsageError` where there is nothing to judge, `ConfigError` for rules that cannot be used, and
    `PresswatchError` for what came of the look.
    """
    what, edited = _lines(what).strip(), _lines(edited)
    if not what:
        raise UsageError("There is nothing to judge. Paste a text, its headline on the first line, or an address.")
    with TemporaryDirectory(prefix="presswatch-") as folder:
        config = _copied(services, Path(folder) / "config", edited) if _is_other(services, edited) else None
        if re.fullmatch(r"https?://\S+", what):
            given = what
        else:
            given = str(Path(folder) / "text.txt")
            Path(given).write_text(what, "utf-8", "replace")
        today = _explained(services, given, services.settings.config_dirs[0])
        return Judged(today=today, edited=_explained(services, given, config) if config else None)


def _lines(text: str) -> str:
    """A form's text with the line ends of this machine."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_other(services: Services, edited: str) -> bool:
    return bool(edited.strip()) and edited.strip() != rules(services).strip()


def _watch_file(services: Services) -> Path:
    return services.settings.file(f"watches/{services.settings.watch}.yaml")


def _copied(services: Services, folder: Path, edited: str) -> Path:
    """A config folder like the operator's, with the edited rules in it; raises `ConfigError` for what is none."""
    shutil.copytree(services.settings.config_dirs[0], folder)
    watch = folder / "watches" / f"{services.settings.watch}.yaml"
    watch.parent.mkdir(exist_ok=True)
    watch.write_text(edited, "utf-8", "replace")
    try:
        data = configfile.read(watch).data
        names = data.get("include", ()) if isinstance(data, dict) else ()
        for name in names if isinstance(names, list | tuple) else ():
            if not isinstance(name, str) or not _INCLUDED.fullmatch(name):
                raise ConfigError(
                    'key "include": only files of the config folder can be included, such as vocabulary.yaml.'
                )
        watches.load_watch(watch, services.settings.file)
    except ConfigError as error:
        # The copy has no place that its author knows.
        raise ConfigError(str(error).replace(str(watch), "your copy")) from None
    return folder


# How Python, the loader of libraries and the libraries themselves say it.
_OUT_OF_MEMORY = ("MemoryError", "annot allocate memory", "failed to map", "SystemError")
_KILLED = (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV)  # by a library, by the kernel


def _explained(services: Services, given: str, config: Path) -> Verdict:
    options = ["--config", str(config), "--data", str(services.settings.data_dir)]
    lines: list[str] = []
    child = Children().run(
        ["-m", "presswatch", *options, "explain", "--json", "--", given],
        deadline=DEADLINE,
        on_line=lines.append,
        aloud=False,
        memory=MEMORY,
    )
    if child.overran:
        raise PresswatchError(f"It took longer than {int(DEADLINE.total_seconds() // 60)} minutes and was ended.")
    if child.status or not lines:
        said = [line for line in child.last_words.splitlines() if line.startswith(SAID)]
        if not said and (child.status in _KILLED or any(word in child.last_words for word in _OUT_OF_MEMORY)):
            raise PresswatchError(f"It could not be judged: it needs more than {MEMORY // 1_000_000} MB of memory.")
        raise PresswatchError(said[-1].removeprefix(SAID) if said else "It could not be judged.")
    found: Verdict = json.loads("\n".join(lines))
    return found
