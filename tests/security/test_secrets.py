"""Secrets that are planted in the environment, used by the whole job, and looked for wherever it leaves anything.

The mail server, the chat service, the model and the ping's address each refuse
what they are asked and say the secret back, in the clear and in base64, because
that is how secrets get into logs. Looked through are standard output and error
of every command, in words and in JSON, and every file of the data folder,
packed ones unpacked.
"""

import base64
import dataclasses
import gzip
import io
import logging
import re
import socketserver
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
import typer

from presswatch import cli, settings
from presswatch.__main__ import main
from presswatch.demo import newsroom

# Apprise imports it on Python 3.11 and 3.12; where it is gone, Apprise does without.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

PLANTED = {
    "PASSWORD": "planted-smtp-Pa55",
    "MODEL": "planted-llm-K3y",
    "CHAT": "planted-chat-T0ken",
    "WRITTEN": "planted-literal-W0rd",  # in digests.yaml itself
    "PING": "planted-ping-P1ng",
    "WEBHOOK": "plantedWebhookKeyOfManyLettersPlanted+/4",
    "HOOKPATH": "planted-hook-P4th",
    "DATABASE": "planted-database-Pa55",
    "HASH": "plantedHashOfThePassword",
}


def forms(secret: str) -> list[bytes]:
    """A secret as it may stand somewhere: plain, in an address, in base64 at each of its three offsets."""
    packed = [base64.b64encode(b"\0" * n + secret.encode())[4:-4] for n in range(3)]
    return [secret.encode(), quote(secret, safe="").encode(), secret.upper().encode(), *packed]


def leaks(content: bytes) -> list[str]:
    """The names of the planted secrets that stand in `content`."""
    return [name for name, secret in PLANTED.items() if any(form in content for form in forms(secret))]


def contents(path: Path) -> Iterator[bytes]:
    """What a file holds: as it lies there, and unpacked."""
    raw = path.read_bytes()
    yield raw
    if raw.startswith(b"\x1f\x8b"):
        while raw.startswith(b"\x1f\x8b"):  # a WARC file is one gzip member after the other
            unpacker = zlib.decompressobj(31)
            yield unpacker.decompress(raw)
            raw = unpacker.unused_data
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield packed.read(name)


def found_in(folder: Path) -> dict[str, list[str]]:
    """Every file of a folder that holds a planted secret, and which."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (names := sorted({name for part in contents(path) for name in leaks(part)})):
            found[str(path.relative_to(folder))] = names
    return found


@dataclass
class Echo:
    """Strangers that refuse everything and say back what they were told; `heard` is what that was."""

    heard: list[bytes] = field(default_factory=list)
    web: int = 0
    mail: int = 0


@pytest.fixture(scope="module")
def echo() -> Iterator[Echo]:
    echo = Echo()

    class Web(BaseHTTPRequestHandler):
        def answer(self) -> None:
            said = f"{self.path} {self.headers.get('Authorization')}".encode()
            echo.heard.append(said + str(self.headers).encode())
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(401, said.decode())
            self.send_header("Content-Length", str(len(said)))
            self.send_header("Location", f"/again/{said.decode()}")
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_HEAD = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """The test reads `heard`."""

    class Mail(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                words = line.split()
                echo.heard.append(line)
                if words[0].upper() == b"EHLO":
                    self.wfile.write(b"250-here\r\n250 AUTH PLAIN LOGIN\r\n")
                elif words[0].upper() == b"AUTH":
                    told = base64.b64decode(words[-1])
                    echo.heard.append(told)
                    self.wfile.write(b"535 5.7.8 no: " + words[-1] + b" " + told.replace(b"\0", b" ") + b"\r\n")
                elif words[0].upper() == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 yes\r\n")

    with HTTPServer(("127.0.0.1", 0), Web) as web, socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail) as mail:
        mail.daemon_threads = True
        echo.web, echo.mail = web.server_address[1], mail.server_address[1]
        for server in (web, mail):
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield echo
        web.shutdown()
        mail.shutdown()


# Every command, in an order that makes sense. `demo` has a world of its own, and `serve` runs beside these.
WALK = [
    "crawl sample-newsroom --json",
    "backfill --since 2026-10-01 sample-newsroom --json",
    "reprocess --json",
    "list --json",
    "list",
    "show uk --json",
    "search NVIDIA --json",
    "story show uk --json",
    "story merge no-such other-such --json",
    "story split no-such --json",
    "explain note.txt --json",
    "export --format jsonl",
    "export --format csv",
    "digest d --dry-run --json",
    "digest d --json",
    "digest d",
    "deliver --json",
    "deliveries --retry 1 --json",
    "deliveries",
    "--log-format json job deliver",
    "--log-format json job digest",
    "--log-format json job alert",
    "job deliver",
    "sources --json",
    "status --json",
    "check sample-newsroom --json",
    "check --json",
    "alert --json",
    "alert --test",
    "check --offline",
    "ready",
    "backup copy.zip --json",
    "restore copy.zip --check --json",
    f"move --to postgresql://presswatch:{PLANTED['DATABASE']}@127.0.0.1:1/nowhere --json",
    "token new laptop",
    "token list --json",
    "token revoke laptop",
]
NOT_WALKED = {"demo", "serve", "web", "password"}  # the pages have tests of their own; a password is typed in


def said_by(words: list[str]) -> bytes:
    """All that a command says, standard output and error, in this process; its exit status must be one of ours."""
    out, before = io.StringIO(), logging.getLogger().handlers[:]
    with redirect_stdout(out), redirect_stderr(out), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["presswatch", *words])
        try:
            status = main()
        finally:
            logging.getLogger().handlers[:] = before
    assert status in (0, 1, 2), out.getvalue()
    return out.getvalue().encode()


def served(folder: Path, heard: Callable[[], bool], options: list[str]) -> bytes:
    """What the service says until it has been heard from, and ended."""
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "presswatch", *options, "--log-format", "json", "serve"],
            stdout=said,
            stderr=said,
        )
        end = time.monotonic() + 180  # a bound, on however slow a machine
        while time.monotonic() < end and not heard():
            time.sleep(0.1)
        process.terminate()
        process.wait(20)
    return (folder / "said").read_bytes()


@dataclass
class Walk:
    """What the whole job, done once with planted secrets, said by command, and the folder that it left."""

    said: dict[str, bytes]
    data: Path


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, echo: Echo) -> Walk:
    folder = tmp_path_factory.mktemp("secrets")
    options = ["--config", str(folder / "config"), "--data", str(folder / "data")]
    said = {}
    with newsroom.start() as sites, pytest.MonkeyPatch.context() as patch:
        newsroom.write_config(sites, folder / "config")
        write_config(folder / "config", echo)
        (folder / "note.txt").write_text("NVIDIA opens AI laboratory\nIt will open in Leeds.\n")
        for name, value in environment(echo).items():
            patch.setenv(name, value)
        patch.chdir(folder)
        for command in WALK:
            said[command] = said_by([*options, *command.split()])
        ping = PLANTED["PING"].encode()
        said["serve"] = served(folder, lambda: any(ping in one for one in echo.heard), options)
    (folder / "copy.zip").rename(folder / "data" / "copy.zip")
    return Walk(said, folder / "data")


def write_config(folder: Path, echo: Echo) -> None:
    chat = f"json://me:{PLANTED['WRITTEN']}@127.0.0.1:{echo.web}/hook"
    hook = f"webhook+http://${{HOOK_KEY}}@127.0.0.1:{echo.web}/{PLANTED['HOOKPATH']}"
    (folder / "digests.yaml").write_text(
        "digests:\n  - name: d\n    at: '* * * * *'\n    look_back: 3650d\n    when_empty: say so\n"
        f"    to: ['${{CHAT}}', 'mailto:jo@e.example', 'file:digests', '{chat}', '{hook}', '${{HOOK}}']\n"
    )
    (folder / "presswatch.toml").write_text(
        '[alerts]\nto = "${CHAT}"\n[web]\nport = 0\n[monitoring]\nping_private = true\n'
        "[webhooks]\nprivate = true\n"
        '[schedule]\ncrawl = "1s"\ndeliver = "1s"\n'
    )


def environment(echo: Echo) -> dict[str, str]:
    return {
        "PRESSWATCH_SMTP_HOST": "127.0.0.1",
        "PRESSWATCH_SMTP_PORT": str(echo.mail),
        "PRESSWATCH_SMTP_SECURITY": "none",
        "PRESSWATCH_SMTP_USER": "me",
        "PRESSWATCH_MAIL_FROM": "me@e.example",
        "PRESSWATCH_SMTP_PASSWORD": PLANTED["PASSWORD"],
        "PRESSWATCH_LLM_URL": f"http://127.0.0.1:{echo.web}/v1",
        "PRESSWATCH_LLM_MODEL": "m",
        "PRESSWATCH_PASSWORD_HASH": f"$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ${PLANTED['HASH']}",
        "PRESSWATCH_LLM_KEY": PLANTED["MODEL"],
        "PRESSWATCH_PING_URL": f"http://127.0.0.1:{echo.web}/{PLANTED['PING']}",
        "HOOK_KEY": f"whsec_{PLANTED['WEBHOOK']}",
        "HOOK": f"webhook+http://whsec_{PLANTED['WEBHOOK']}@127.0.0.1:{echo.web}/{PLANTED['HOOKPATH']}",
        "CHAT": f"json://me:{PLANTED['CHAT']}@127.0.0.1:{echo.web}/{PLANTED['CHAT']}",
    }


def names(group: typer.Typer) -> set[str]:
    """The commands of the command line, as they are typed."""
    own = {c.name or c.callback.__name__.replace("_", "-") for c in group.registered_commands if c.callback}
    for sub in group.registered_groups:
        assert sub.typer_instance
        own |= {f"{sub.name} {name}" for name in names(sub.typer_instance)}
    return own


def test_every_command_is_walked() -> None:
    walked = {re.sub(r"^--log-format json ", "", command) for command in WALK}
    assert {name for name in names(cli.app) - NOT_WALKED if not any(w.startswith(name) for w in walked)} == set()


def test_the_secrets_were_really_used(walk: Walk, echo: Echo) -> None:
    heard = b"\n".join(echo.heard)
    # The database has a test of its own, a hash is told to nobody, and a webhook's key only signs.
    assert set(leaks(heard)) >= set(PLANTED) - {"DATABASE", "HASH", "WEBHOOK"}
    assert b"Webhook-Signature: v1," in heard


# What the program reads from the environment and anybody may know; everything else has to be planted.
OPEN = {
    f"PRESSWATCH_{name}"
    for name in "CONTACT DATA CONFIG SMTP_HOST SMTP_PORT SMTP_SECURITY SMTP_USER MAIL_FROM LLM_URL LLM_MODEL"
    " LLM_DEADLINE WEB_HOST LOG_FORMAT CHILD ARCHIVE MACHINE CACHE".split()
}
_VARIABLE = re.compile(r"PRESSWATCH_[A-Z]+(?:_[A-Z]+)*(?![A-Z_])")


def planted_environment(echo: Echo) -> dict[str, str]:
    """The environment of the walk, and of the test of the database."""
    return {**environment(echo), "PRESSWATCH_DATABASE_URL": f"postgresql://me:{PLANTED['DATABASE']}@127.0.0.1:1/x"}


def secret_fields(settings: object, name: str = "settings") -> Iterator[tuple[str, object]]:
    """Every field, however deep, that the settings keep out of their own repr: each holds a secret, or may."""
    fields = getattr(type(settings), "model_fields", None) or {
        f.name: f for f in (dataclasses.fields(settings) if dataclasses.is_dataclass(settings) else ())
    }
    for key, described in fields.items():
        value = getattr(settings, key)
        if described.repr:
            yield from secret_fields(value, f"{name}.{key}")
        else:
            yield f"{name}.{key}", value


def test_every_secret_of_the_settings_is_planted(echo: Echo, tmp_path: Path) -> None:
    """A secret that somebody adds tomorrow is either planted here, or this fails."""
    chosen = settings.load(None, tmp_path, planted_environment(echo))
    fields = dict(secret_fields(chosen))
    assert {"settings.mail.password", "settings.second_reader.key", "settings.monitoring.ping"} <= fields.keys()
    assert [name for name, value in fields.items() if not leaks(str(value).encode())] == []
    assert leaks(repr(chosen).encode()) == []


def test_every_variable_that_is_read_is_planted_or_open(echo: Echo) -> None:
    root = Path(settings.__file__).parent
    read = {name for path in root.rglob("*.py") for name in _VARIABLE.findall(path.read_text("utf-8"))}
    planted = {name for name, value in planted_environment(echo).items() if leaks(value.encode())}
    assert "PRESSWATCH_LLM_KEY" in read
    assert read - OPEN - planted == set()


def test_no_command_says_a_secret(walk: Walk) -> None:
    assert {command: found for command, said in walk.said.items() if (found := leaks(said))} == {}
    assert b"AI" in walk.said["list"]  # there was news
    assert b"did not take" in walk.said["deliveries"]  # and trouble to tell of
    assert b"refused the edition" in walk.said["deliveries --retry 1 --json"]
    assert b"takes connections" in walk.said["check --json"]


def test_no_file_holds_a_secret(walk: Walk) -> None:
    kinds = {path.suffix for path in walk.data.rglob("*") if path.is_file()}
    assert kinds >= {".sqlite3", ".gz", ".html", ".txt", ".eml", ".zip"}
    assert found_in(walk.data) == {}


def test_the_search_finds_what_it_is_to_find(tmp_path: Path) -> None:
    secret = PLANTED["CHAT"].encode()
    (tmp_path / "plain").write_bytes(b"a" + secret)
    (tmp_path / "packed.gz").write_bytes(gzip.compress(b"a") + gzip.compress(secret))
    (tmp_path / "signed-in").write_bytes(base64.b64encode(b"\0me\0" + secret))
    with zipfile.ZipFile(tmp_path / "zip", "w") as packed:
        packed.writestr("a", secret)
    assert found_in(tmp_path) == {name: ["CHAT"] for name in ("packed.gz", "plain", "signed-in", "zip")}


@pytest.mark.parametrize("command", ["list --json", "job deliver", "sources"])
def test_a_database_that_cannot_be_reached_tells_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    password = PLANTED["DATABASE"]
    monkeypatch.setenv("PRESSWATCH_DATABASE_URL", f"postgresql://me:{password}@127.0.0.1:1/x?connect_timeout=1")
    monkeypatch.chdir(tmp_path)
    said = said_by(["--data", str(tmp_path), *command.split()])
    assert b"127.0.0.1" in said
    assert leaks(said) == []
    assert found_in(tmp_path) == {}
