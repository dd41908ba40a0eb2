"""Recipients in their three forms: as written, filled in, and as the store keeps them."""

import pytest

from presswatch.errors import ConfigError
from presswatch.recipients import by_kept_form, filled, kept, shown

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
