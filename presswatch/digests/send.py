"""Handing one edition to one recipient, by the channel that the recipient's address names.

`mailto:you@example.org` is mail, `file:FOLDER` a folder (under the data folder
unless absolute), `stdout:` the terminal, `webhook+https://…` a signed webhook;
every other address is Apprise's, for chat services. Addresses of chat services hold secrets: no error, receipt or log
line shows more of them than their scheme.
"""

import logging
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from presswatch import recipients
from presswatch.digests import mail, plain, webhook
from presswatch.errors import DeliveryError
from presswatch.models import Digest
from presswatch.outgoing import Permitted
from presswatch.settings import MailServer

# What is masked where a chat service's own words are quoted: pieces of its address that are no common word.
_SECRET = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """What the channels need to know of this installation."""

    mail: MailServer
    data_dir: Path
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)  # by the form that the store keeps
    permitted: Permitted = lambda _: False  # which addresses a webhook may be at

    def address(self, kept: str) -> str:
        """Where a delivery goes; raises `DeliveryError` where its recipient is written nowhere any more."""
        if kept in self.addresses:
            return self.addresses[kept]
        if recipients.is_fingerprint(kept) or "${" in kept:
            raise DeliveryError(
                f"{recipients.shown(kept)} does not stand in digests.yaml any more, or is written differently there.",
                permanent=True,
            )
        return kept


def send(digest: Digest, recipient: str, channels: Channels, *, message_id: str = "") -> str:
    """Hand the edition over; returns the receipt, a line for the records.

    `message_id` is the delivery's, from the outbox. Raises `DeliveryError`.
    """
    scheme, _, rest = recipient.partition(":")
    if recipients.is_mail(recipient):
        to = unquote(rest.partition("?")[0])
        sender = channels.mail.sender or f"presswatch@{channels.mail.host or 'localhost'}"
        letter = mail.message(digest, to, sender, message_id or mail.made_up_id(digest, recipient))
        return mail.hand_over(letter, channels.mail)
    if scheme == "file":
        return _to_folder(digest, recipient, channels, message_id or mail.made_up_id(digest, recipient))
    if scheme == "stdout":
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(digest.text.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()
        return "printed"
    if recipients.is_webhook(recipient):
        identity = message_id or mail.made_up_id(digest, recipient)
        return webhook.hand_over(digest, recipient, identity, permitted=channels.permitted)
    return _to_service(digest, recipient)


def _to_folder(digest: Digest, recipient: str, channels: Channels, message_id: str) -> str:
    folder = channels.data_dir / (recipient.partition(":")[2] or "digests")
    name = re.sub(r"[^\w.-]+", "", f"{digest.name}-{digest.edition}").lstrip(".")
    letter = mail.message(digest, "reader@localhost", "presswatch@localhost", message_id)
    contents = {"html": digest.html.encode(), "txt": digest.text.encode(), "eml": letter.as_bytes()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, content in contents.items():
            _write(folder / f"{name}.{kind}", content)
    except OSError as error:
        raise DeliveryError(
            f"The digest cannot be written to {folder}: {error.strerror or error}. Check the folder and the disk."
        ) from error
    return str(folder / f"{name}.html")


def _write(path: Path, content: bytes) -> None:
    """The whole file or none: a reader never meets half a digest."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".digest-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _to_service(digest: Digest, recipient: str) -> str:
    import apprise  # 100 ms and 20 MB, which only those pay who use it

    # Its log lines name addresses, secrets and all; they go nowhere but into the capture below.
    logging.getLogger("apprise").propagate = False
    shown = recipients.shown(recipient)
    service = apprise.Apprise()
    with apprise.LogCapture(level=logging.WARNING) as captured:  # type: ignore[no-untyped-call]
        known = "://" in recipient and service.add(recipient)
        told = known and service.notify(
            title=mail.header(digest.subject), body=plain.chat(digest), body_format=apprise.NotifyFormat.TEXT
        )
        said = mail.header(_masked(captured.getvalue(), recipient))[:300]
    if not known:
        raise DeliveryError(
            f"{shown} is no address that a chat service answers to. Compare it with Apprise's list of services.",
            permanent=True,
        )
    if not told:
        raise DeliveryError(f"The chat service at {shown} did not take the digest: {said or 'it gave no reason.'}")
    return f"taken by {shown}"


def _masked(text: str, recipient: str) -> str:
    for piece in sorted(re.split(r"[/:@?&=#]+", f"{recipient}/{unquote(recipient)}"), key=len, reverse=True):
        if len(piece) >= _SECRET:
            text = text.replace(piece, "…")
    return text
