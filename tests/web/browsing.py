"""A browser as far as signing in and forms go: it keeps cookies, names its origin, and finds the key in a page."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient

from presswatch import keys, settings
from presswatch.services import Services
from presswatch.store import Store
from presswatch.web.app import create_app

PASSWORD = "correct horse battery"
# As weak as Argon2 gets, so that a test takes no second; what it is made with in earnest, tests/presswatch says.
HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aVw+uxzwdEqVo4tlI8TS7Q"
HOST = "news.example.org"


@cache
def _migrated() -> bytes:
    """A store with nothing in it; to make one takes longer than most tests."""
    with TemporaryDirectory() as folder:
        Store.open(f"sqlite:///{folder}/new.sqlite3").close()
        return Path(folder, "new.sqlite3").read_bytes()


def services(folder: Path, web: str = "", **environ: str) -> Services:
    """Services with these lines under [web]."""
    config = folder / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "presswatch.toml").write_text(f"[web]\n{web}\n", "utf-8")
    store = folder / "data" / "presswatch.sqlite3"
    if not store.exists():
        store.parent.mkdir(exist_ok=True)
        store.write_bytes(_migrated())
    return Services(settings.load(config, folder / "data", environ))


def public(folder: Path, web: str = "", **environ: str) -> Services:
    """Services that strangers can reach, behind a password."""
    lines = f'host = "0.0.0.0"\nhosts = ["{HOST}"]\n{web}'
    return services(folder, lines, **{"PRESSWATCH_PASSWORD_HASH": HASH, **environ})


def browser(found: Services, host: str = HOST, **options: Any) -> TestClient:
    return TestClient(
        create_app(found), base_url=f"http://{host}", raise_server_exceptions=False, follow_redirects=False, **options
    )


def form_key(page: str) -> str:
    """What a page's forms bring along."""
    match = re.search(r'name="form_key" value="([0-9a-f]{64})"', page)
    assert match, page
    return match[1]


def submit(client: TestClient, page: str, address: str, **fields: str) -> Any:
    """Send a form as it stands on `page`."""
    key = form_key(client.get(page).text)
    return client.post(address, data={"form_key": key, **fields}, headers={"origin": str(client.base_url)})


def sign_in(client: TestClient, password: str = PASSWORD, **fields: str) -> Any:
    return submit(client, "/sign-in", "/sign-in", password=password, **fields)


def token(found: Services, scope: str = "read", name: str = "") -> dict[str, str]:
    """The header of a new token."""
    secret, made = keys.new_token(name or f"a {scope} token", scope, datetime.now(UTC))
    found.store.access.add_token(made)
    return {"authorization": f"Bearer {secret}"}
