"""Recipients in their three forms: as written, filled in, and as the store keeps them."""

from base64 import b64decode

import pytest

from presswatch.errors import ConfigError
from presswatch.recipients import by_kept_form, filled, kept, shown, webhook

ENVIRON = {"CHAT": "slack://T1/B2/planted", "READER": "mailto:jo@e.example", "TOKEN": "planted", "NAME": "jo"}

# As written, as kept (… stands for a fingerprint), as shown to others.
FORMS = {
    "mail": ("mailto:jo@e.example", "mailto:jo@e.example", "j…@e.example"),
    "mail by a variable": ("mailto:${NAME}@e.example", "mailto:${NAME}@e.example", "$…@e.example"),
    "mail that is a variable": ("mailto:${READER}", "mailto:${READER}", "mailto:${READER}"),
    "a variable": ("${CHAT}", "${CHAT}", "${CHAT}"),
    "a folder": ("file:digests", "file:digests", "file:digests"),
    "the terminal": ("stdout:", "stdout:", "stdout:"),
    "a chat service with a secret": ("slack://T1/B2/planted", "slack://…#", "slack://…"),
    "a chat service with a variable": ("slack://T1/B2/${TOKEN}", "slack://…#", "slack://…"),
    "a webhook": ("webhook+https://${KEY}@a.example/x", "webhook+https://…#", "webhook+https://…"),
    "a webhook, in full": (
        "webhook+https://whsec_planted@a.example/planted",
        "webhook+https://…#",
        "webhook+https://…",
    ),
    "mail by Apprise, with a password": ("mailto://me:planted@e.example", "mailto://…#", "mailto://…"),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms(name: str) -> None:
    written, form, seen = FORMS[name]
    assert kept(written).startswith(form) if form.endswith("#") else kept(written) == form
    assert "planted" not in kept(written)
    assert kept(kept(written)) == kept(written)
    assert shown(written) == shown(kept(written)) == seen


def test_fingerprints_differ() -> None:
    assert len({kept(f"slack://T1/B2/{token}") for token in range(20)}) == 20


def test_a_kept_form_leads_back_to_the_address() -> None:
    written = ["${CHAT}", "slack://T1/B2/${TOKEN}x", "file:digests"]
    found = by_kept_form(written, ENVIRON)
    assert [found[kept(one)] for one in written] == ["slack://T1/B2/planted", "slack://T1/B2/plantedx", "file:digests"]
    # An earlier version's store held the address itself, which its migration made a fingerprint of.
    assert found[kept("slack://T1/B2/planted")] == "slack://T1/B2/planted"


@pytest.mark.parametrize(
    ("written", "told"), [("${NOT_SET}", "NOT_SET is not set"), ("${TOKEN}", "is not a recipient")]
)
def test_what_cannot_be_filled_in_is_named_and_its_value_is_not(written: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as caught:
        filled(written, ENVIRON)
    assert "planted" not in str(caught.value)


SECRET = "whsec_" + "plantedKey+/" * 3


@pytest.mark.parametrize(
    ("written", "host", "port", "target"),
    [
        (f"webhook+https://{SECRET}@a.example/x?y=z", "a.example", 443, "/x?y=z"),
        (f"webhook+http://{SECRET}@a.example", "a.example", 80, "/"),
        (f"webhook+https://{SECRET}@a.example:8443/a@b", "a.example", 8443, "/a@b"),
        (f"webhook+http://{SECRET}@[::1]:81/", "::1", 81, "/"),
    ],
)
def test_a_webhook_in_its_parts(written: str, host: str, port: int, target: str) -> None:
    found = webhook(written)
    assert (found.host, found.port, found.target) == (host, port, target)
    assert found.key == b64decode(SECRET.removeprefix("whsec_"))
    assert found.key == webhook(written.replace("+/", "-_")).key
    assert "planted" not in repr(found)


@pytest.mark.parametrize(
    "address",
    [
        "webhook+https://a.example/planted",
        "webhook+https://a.example/whsec_planted@b",
        "webhook+https://whsec_planted@a.example/",
        f"webhook+ftp://{SECRET}@a.example/",
        f"webhook+https://{SECRET}@/planted",
        f"webhook+https://{SECRET}@me:planted@a.example/",
        f"webhook+https://{SECRET}@a.example:planted/",
        f"webhook+https://{SECRET}@a.example/planted#x",
        f"webhook+https://{SECRET}@a.example/ planted",
        f"webhook+https://{SECRET}@a.example/\r\nX-planted: y",
    ],
)
def test_a_mistake_in_a_webhook_is_said_when_it_is_read_and_shows_none_of_it(address: str) -> None:
    with pytest.raises(ConfigError, match="a webhook") as caught:
        filled("${HOOK}", {"HOOK": address})
    assert "planted" not in str(caught.value)
