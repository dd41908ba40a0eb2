"""A mistake in a config file is one message with file, line, entry and key."""

from datetime import timedelta
from pathlib import Path

import pytest

from presswatch import catalogue, settings
from presswatch.configfile import parse_duration, parse_size
from presswatch.errors import ConfigError
from presswatch.models import Level

GOOD = """sources:
  - id: one
    feeds: [https://one.example/feed]
  - id: two
    name: Two
    every: 1h30m
    listings:
      - {url: "https://two.example/news", links: "a.card", next: "a.next"}
"""


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("15m", timedelta(minutes=15)),
        ("0s", timedelta()),
        ("1h30m", timedelta(minutes=90)),
        ("1.5h", timedelta(minutes=90)),
        ("2w", timedelta(days=14)),
    ],
)
def test_lengths_of_time(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "15", "m", "1 fortnight", "-5m", "5m!"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="length of time"):
        parse_duration(text)


def test_sizes() -> None:
    assert parse_size("10MB") == 10_000_000
    assert parse_size("512") == 512
    with pytest.raises(ValueError, match="size"):
        parse_size("10 potatoes")


def test_good_sources_are_records(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(GOOD)
    one, two = catalogue.load_sources(path)
    assert one.name == "one"
    assert one.delay == timedelta(seconds=2)
    assert two.every == timedelta(minutes=90)
    assert two.listings[0].next == "a.next"


# What is written, and what the message must hold: line, entry, key, and what to do.
MISTAKES = [
    (
        "feeds: [https://one.example/feed]",
        "feds: [https://one.example/feed]",
        ["line 3", '"one"', '"feds"', "spelling"],
    ),
    ("every: 1h30m", "every: often", ["line 6", '"two"', '"every"', '"15m"']),
    ("every: 1h30m", "every: 0s", ["line 6", '"every"', "once a second"]),
    ('links: "a.card"', 'links: "a["', ["line 8", '"listings[1].links"', "CSS selector"]),
    ("https://one.example/feed", "ftp://one.example/feed", ["line 3", '"feeds[1]"', "http"]),
    ("https://one.example/feed", "https://u:p@one.example/feed", ['"one"', "user name"]),
    ("    name: Two\n", "    articles: '(['\n", ["line 5", '"articles"', "regular expression"]),
    ("    name: Two\n", "    delay: 0s\n", ['"two"', "private address"]),
    ("- id: two", "- id: one", ["line 4", "'one' is already the id", "line 2"]),
    ("    feeds: [https://one.example/feed]\n", "", ["line 2", '"one"', "no way in"]),
    ("    name: Two\n", "    name: Two\n    name: Three\n", ["line 6", "stands twice"]),
    ("    name: Two\n", "    name: [\n", ["line", "not valid YAML"]),
    ("    name: Two\n", "    name: !!python/object:os.system x\n", ["line 5", "not valid YAML"]),
]


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    path = tmp_path / "sources.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ConfigError) as failure:
        catalogue.load_sources(path)
    for part in (str(path), *told):
        assert part in str(failure.value)
    assert failure.value.exit_status == 2


def test_the_bundled_files_are_good() -> None:
    folder = settings.bundled_config()
    sources = catalogue.load_sources(folder / "sources.yaml")
    assert {"nvidia-newsroom", "nvidia-blog", "nvidia-developer"} <= {s.id for s in sources if s.enabled}
    assert {s.language for s in sources} >= {"en", "fr", "de", "es", "it", "pt", "ja", "ko", "zh"}
    assert catalogue.load_digests(folder / "digests.yaml", {})[0].name == "daily"


def digests(tmp_path: Path, block: str) -> Path:
    path = tmp_path / "digests.yaml"
    path.write_text("digests:\n  - name: d\n" + "".join(f"    {line}\n" for line in block.splitlines()))
    return path


def test_a_digest_with_a_secret_from_the_environment(tmp_path: Path) -> None:
    path = digests(
        tmp_path, 'at: "30 6 * * 1-5"\ntimezone: Asia/Kolkata\nlevels: focus\nto: ["${CHAT}", "mailto:a@b.example"]'
    )
    (plan,) = catalogue.load_digests(path, {"CHAT": "slack://token"})
    assert plan.cron == ("30 6 * * mon,tue,wed,thu,fri",)
    assert plan.levels == (Level.FOCUS,)
    assert plan.recipients == ("${CHAT}", "mailto:a@b.example")  # filled in when something is sent, and kept nowhere


def test_a_digest_that_comes_promptly(tmp_path: Path) -> None:
    (plan,) = catalogue.load_digests(digests(tmp_path, 'at: promptly\nto: "stdout:"'), {})
    assert (plan.prompt, plan.cron) == (True, ())


@pytest.mark.parametrize(
    ("cron", "days"),
    [
        ("0 7 * * 0", "sun"),
        ("0 7 * * 7", "sun"),
        ("0 7 * * 6,0", "sat,sun"),
        ("0 7 * * */2", "*/2"),
        ("0 7 * * fri", "fri"),
    ],
)
def test_weekdays_count_as_cron_counts_them(tmp_path: Path, cron: str, days: str) -> None:
    (plan,) = catalogue.load_digests(digests(tmp_path, f'at: "{cron}"\nto: "stdout:"'), {})
    assert plan.cron[0].split()[4] == days


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ('at: "0 7 * *"\nto: "stdout:"', ["line 3", '"d"', '"at"', "five fields"]),
        ('at: ["0 7 * * *", promptly]\nto: "stdout:"', ["line 3", "stands alone"]),
        ('at: "0 77 * * *"\nto: "stdout:"', ["line 3", "not a cron time"]),
        ('at: "0 7 * * *"\ntimezone: Europe/Lundun\nto: "stdout:"', ["line 4", '"timezone"', "Europe/London"]),
        ('at: "0 7 * * *"\nto: "${NOT_SET}"', ["line 4", "NOT_SET", "is not set"]),
        ('at: "0 7 * * *"\nto: "me@example.org"', ["line 4", "mailto:"]),
        ('at: "0 7 * * *"\ntopics: [kwantum]\nto: "stdout:"', ["line 4", "kwantum", "quantum"]),
        ('at: "0 7 * * *"\nwhen_empty: always\nto: "stdout:"', ["line 4", '"when_empty"']),
        ('at: "0 7 * * *"', ["line 2", '"to"', "required"]),
    ],
)
def test_mistakes_in_digests_are_named(tmp_path: Path, block: str, told: list[str]) -> None:
    with pytest.raises(ConfigError) as failure:
        catalogue.load_digests(digests(tmp_path, block), {}, frozenset({"quantum"}))
    for part in told:
        assert part in str(failure.value)


def test_a_mistake_in_the_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "presswatch.toml").write_text('watch = "uk-ai"\n\n[crawl]\ntimeout = "soon"\n')
    with pytest.raises(ConfigError) as failure:
        settings.load(tmp_path, tmp_path / "data", {})
    for part in ("presswatch.toml", "line 4", '"crawl.timeout"', "length of time"):
        assert part in str(failure.value)


def test_a_folder_with_some_files_leaves_the_rest_to_the_bundled_ones(tmp_path: Path) -> None:
    (tmp_path / "presswatch.toml").write_text('contact = "mailto:ops@example.org"\n')
    chosen = settings.load(tmp_path, tmp_path / "data", {})
    assert chosen.user_agent.endswith("(+mailto:ops@example.org)")
    assert chosen.file("sources.yaml") == settings.bundled_config() / "sources.yaml"


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"PRESSWATCH_DATABASE_URL": "mysql://x"}, "PRESSWATCH_DATABASE_URL"),
        ({"PRESSWATCH_SMTP_SECURITY": "rot13"}, "PRESSWATCH_SMTP_SECURITY"),
        ({"PRESSWATCH_SMTP_PORT": "smtp"}, "PRESSWATCH_SMTP_PORT"),
        ({"PRESSWATCH_SMTP_HOST": "mail.example"}, "PRESSWATCH_MAIL_FROM"),
        ({"PRESSWATCH_CONTACT": "a\r\nX-Evil: 1"}, "PRESSWATCH_CONTACT"),
        ({"PRESSWATCH_CONFIG": "/nonexistent/folder"}, "no such folder"),
    ],
)
def test_a_mistake_in_the_environment_is_named(tmp_path: Path, environ: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        settings.load(None, tmp_path / "data", environ)


def test_secrets_are_not_in_the_printed_settings(tmp_path: Path) -> None:
    environ = {
        "PRESSWATCH_DATABASE_URL": "postgresql://u:sesame@h/d",
        "PRESSWATCH_SMTP_HOST": "mail.example",
        "PRESSWATCH_SMTP_PASSWORD": "sesame",
        "PRESSWATCH_MAIL_FROM": "a@b.example",
    }
    chosen = settings.load(None, tmp_path, environ)
    assert chosen.database_url == "postgresql+psycopg://u:sesame@h/d"
    assert "sesame" not in repr(chosen)
