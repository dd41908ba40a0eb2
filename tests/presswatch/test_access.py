"""Who may see the pages, by the settings alone; and passwords."""

from pathlib import Path

import pytest

from presswatch import access, keys, settings
from presswatch.errors import ConfigError, UsageError

HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"


def given(tmp_path: Path, web: str = "", **environ: str) -> settings.Settings:
    (tmp_path / "presswatch.toml").write_text(f"[web]\n{web}\n", "utf-8")
    return settings.load(tmp_path, tmp_path / "data", environ)


def rules(tmp_path: Path, web: str = "", **environ: str) -> access.Access:
    return access.of(given(tmp_path, web, **environ))


@pytest.mark.parametrize(
    "web",
    [
        'host = "0.0.0.0"',
        'host = "::"',
        'host = "10.1.2.3"',
        'host = "news.example.org"',
        'hosts = ["news.example.org"]',
        'host = "0.0.0.0"\nproxy = ["10.0.0.1"]',  # a proxy that signs nobody in
        'proxy_header = "X-Forwarded-User"',  # anybody could send it
    ],
)
def test_strangers_could_read_so_it_does_not_start(tmp_path: Path, web: str) -> None:
    with pytest.raises(ConfigError):
        rules(tmp_path, web)


@pytest.mark.parametrize("web", ['host = "0.0.0.0"', 'hosts = ["news.example.org"]'])
def test_a_password_is_enough(tmp_path: Path, web: str) -> None:
    assert not rules(tmp_path, web, PRESSWATCH_PASSWORD_HASH=HASH).is_open
    assert not rules(tmp_path, f'{web}\nproxy = "10.0.0.1"\nproxy_header = "X-User"').is_open


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_reading_is_open_on_this_machine(tmp_path: Path, host: str) -> None:
    assert rules(tmp_path, f'host = "{host}"').is_open
    assert not rules(tmp_path, f'host = "{host}"', PRESSWATCH_PASSWORD_HASH=HASH).is_open


def test_pages_that_are_off_need_no_password(tmp_path: Path) -> None:
    rules(tmp_path, 'enabled = false\nhost = "0.0.0.0"')


def test_the_environment_says_the_host_of_a_container(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="PRESSWATCH_PASSWORD_HASH"):
        rules(tmp_path, PRESSWATCH_WEB_HOST="0.0.0.0")
    assert given(tmp_path, PRESSWATCH_WEB_HOST="").web.host == "127.0.0.1"


@pytest.mark.parametrize(
    "hash_",
    ["secret", "$2b$12$abc", "$argon2id$v=19", "argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g", "=19=65536,t=3$x"],
)
def test_what_is_no_hash_is_refused_without_repeating_it(tmp_path: Path, hash_: str) -> None:
    with pytest.raises(ConfigError) as refused:
        given(tmp_path, PRESSWATCH_PASSWORD_HASH=hash_)
    assert hash_ not in str(refused.value)


def test_settings_do_not_show_the_hash(tmp_path: Path) -> None:
    assert HASH not in repr(given(tmp_path, PRESSWATCH_PASSWORD_HASH=HASH))
    assert "aGFza" not in repr(given(tmp_path, PRESSWATCH_PASSWORD_HASH=HASH))


@pytest.mark.parametrize(
    "web",
    [
        'hosts = ["http://a"]',
        'hosts = ["a:80"]',
        'proxy = ["nginx"]',
        'session = "1s"',
        "port = 70000",
        'address = "news.example.org"',
    ],
)
def test_a_mistake_is_said(tmp_path: Path, web: str) -> None:
    with pytest.raises(ConfigError, match=r"presswatch\.toml, line 2"):
        given(tmp_path, web)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", ["10.9.9.9"], "203.0.113.7"),  # a stranger may say what it likes
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["1.2.3.4, 203.0.113.7"], "203.0.113.7"),  # 1.2.3.4 is the stranger's own word
        ("10.0.0.1", ["1.2.3.4", "203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("unix", ["203.0.113.7"], "unix"),
    ],
)
def test_who_asks(tmp_path: Path, peer: str, forwarded: list[str], client: str) -> None:
    found = rules(tmp_path, 'proxy = ["10.0.0.0/24"]', PRESSWATCH_PASSWORD_HASH=HASH)
    assert found.client(peer, forwarded) == client


def test_a_password_is_hashed_and_known_again() -> None:
    hashed = keys.hash_password("a long enough passphrase")
    assert hashed.startswith("$argon2id$")
    assert keys.is_password("a long enough passphrase", hashed)
    assert not keys.is_password("a long enough passphrasf", hashed)
    assert not keys.is_password("", hashed)
    assert not keys.is_password("\ud800", hashed)
    assert not keys.is_password("a long enough passphrase", "nonsense")


def test_a_short_password_is_refused() -> None:
    with pytest.raises(UsageError, match="12 characters"):
        keys.hash_password("short")
