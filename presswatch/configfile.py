"""Reading one file of `config/`: YAML or TOML in, checked records out.

Syntax errors, unknown keys, wrong kinds of value and duplicate keys all become
one `ConfigError` whose text tells the operator where to look and what to write.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from presswatch.errors import ConfigError

Location = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# The largest of our files, the list of companies, has a tenth of these nodes, seven deep.
_MOST_NODES, _DEEPEST = 500_000, 60
_SIZES = {"": 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3}


def parse_duration(value: object) -> timedelta:
    """ "15m", "2s", "1h30m", "7d" as a length of time; raises `ValueError` with the way to write it."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    if not isinstance(value, str) or not re.fullmatch(r"(?:\d+(?:\.\d+)?[smhdw]\s?)+", text):
        raise ValueError(f'{str(value)[:60]!r} is not a length of time; write it like "30s", "15m", "2h" or "7d"')
    try:
        return timedelta(seconds=sum(float(n) * _UNITS[unit] for n, unit in re.findall(r"([\d.]+)([smhdw])", text)))
    except OverflowError:
        raise ValueError(f"{text[:40]!r} is longer than any time that can be reckoned with") from None


def parse_size(value: object) -> int:
    """ "10MB" as bytes; raises `ValueError` with the way to write it."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(kB|MB|GB|)", str(value).strip())
    if not match or isinstance(value, bool):
        raise ValueError(f'{str(value)[:60]!r} is not a size; write it like "500kB", "10MB" or "2GB"')
    try:
        return int(float(match[1]) * _SIZES[match[2]])
    except OverflowError:
        raise ValueError(f"{str(value)[:40]!r} is larger than any size that can be reckoned with") from None


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Size = Annotated[int, BeforeValidator(parse_size)]


class Schema(BaseModel):
    """The base of everything that a config file may hold: unknown keys are refused, values are not guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


@dataclass(frozen=True)
class Document:
    """A parsed file and where everything in it stands."""

    path: Path
    data: Any
    text: str

    @cached_property
    def lines(self) -> Mapping[Location, int]:
        """The line, from 1, of every key and list item, by its path."""
        if self.path.suffix == ".toml":
            return _toml_lines(self.text)
        found: dict[Location, int] = {}
        root = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        if root is not None:
            _walk(root, (), found)
        return found

    def error(self, message: str, where: Location = ()) -> ConfigError:
        """A `ConfigError` that says where in this file it is."""
        place = where
        while place and place not in self.lines:
            place = place[:-1]
        parts = [str(self.path)]
        if place in self.lines:
            parts.append(f"line {self.lines[place]}")
        if entry := self._entry(where):
            parts.append(f'entry "{entry}"')
        if key := _spelled(where):
            parts.append(f'key "{key}"')
        return ConfigError(f"{', '.join(parts)}: {message}")

    def _entry(self, where: Location) -> str | None:
        """What the nearest list item around `where` calls itself."""
        node, found = self.data, None
        for part in where:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                break
            if isinstance(part, int) and isinstance(node, Mapping):
                found = next((str(node[k]) for k in ("id", "name") if k in node), f"number {part + 1}")
        return found


def _spelled(where: Location) -> str:
    """A path within its entry, as one would say it: ("sources", 0, "listings", 1, "links") is "listings[2].links"."""
    inner = where[next((n + 1 for n, part in enumerate(where) if isinstance(part, int)), 0) :]
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in inner).lstrip(".")


def _walk(node: yaml.Node, at: Location, found: dict[Location, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found[(*at, key.value)] = key.start_mark.line + 1
            _walk(value, (*at, key.value), found)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            found[(*at, number)] = item.start_mark.line + 1
            _walk(item, (*at, number), found)


def _toml_lines(text: str) -> dict[Location, int]:
    """tomllib keeps no positions: tables and bare keys are found again by their own lines."""
    found: dict[Location, int] = {}
    table: Location = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[([\w.-]+)\]", line):
            table = tuple(header[1].split("."))
            found[table] = number
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            found[(*table, key[1])] = number
    return found


class _Loader(yaml.CSafeLoader):
    """A safe loader that refuses a key given twice, which YAML would silently let win, and aliases that pile up."""

    def get_single_node(self) -> yaml.Node | None:
        root: yaml.Node | None = super().get_single_node()
        if root is not None and _written_out(root, {}) > _MOST_NODES:
            raise yaml.MarkedYAMLError(problem="its aliases multiply without end", problem_mark=root.start_mark)
        return root

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key must be one word or text", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f'the key "{key.value}" stands twice', problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _yaml(text: str) -> Any:
    """The value of a YAML text; one that is nested so deeply that the C reader would crash is refused first."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            mark: Any = event.start_mark  # the C reader's own kind, which does as well
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=mark)
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - safe, and stricter


def _written_out(node: yaml.Node, known: dict[int, int]) -> int:
    """How many nodes there would be if every alias were written out: a few lines can mean a billion."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = _MOST_NODES + 1  # what it counts as inside itself
    children = list(chain(*node.value)) if isinstance(node, yaml.MappingNode) else node.value
    inner = 0 if isinstance(node, yaml.ScalarNode) else sum(_written_out(one, known) for one in children)
    known[id(node)] = 1 + inner
    return 1 + inner


def read(path: Path) -> Document:
    """Parse a YAML or TOML file; raises `ConfigError` where it cannot be read or is not what it should be."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the file cannot be read ({error}).") from error
    try:
        data = tomllib.loads(text) if path.suffix == ".toml" else _yaml(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is not valid TOML: {error}.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigError(f"{path}{line}: this is not valid YAML: {problem}.") from error
    except (ValueError, RecursionError) as error:  # a date or a number that cannot be; lists within lists without end
        raise ConfigError(f"{path}: a value in this file cannot be read ({error}).") from error
    return Document(path=path, data={} if data is None else data, text=text)


def validate(model: type[M], document: Document) -> M:
    """The file's contents as `model`; raises `ConfigError` for the first mistake, and counts the others."""
    try:
        return model.model_validate(document.data)
    except ValidationError as failure:
        problems = failure.errors(include_url=False, include_input=False)
        first = problems[0]
        more = f" ({len(problems) - 1} more in this file)" if len(problems) > 1 else ""
        raise document.error(_sentence(first) + more, first["loc"]) from None


def _sentence(problem: ErrorDetails) -> str:
    match problem["type"]:
        case "extra_forbidden":
            return "there is no such setting here; remove it or mend its spelling."
        case "missing":
            return "this is required and missing."
        case "value_error":
            return str(problem["ctx"]["error"]).rstrip(".") + "."
        case _:
            return problem["msg"].replace("Input should", "This should").rstrip(".") + "."


def unique(document: Document, entries: Sequence[Any], key: str, at: str) -> None:
    """Refuse two entries of one name."""
    seen: dict[str, int] = {}
    for number, entry in enumerate(entries):
        name = getattr(entry, key)
        if name in seen:
            first = document.lines.get((at, seen[name]), "?")
            raise document.error(f"{name!r} is already the {key} of the entry on line {first}.", (at, number, key))
        seen[name] = number
