"""A real mail server on loopback, which keeps what it takes."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A mail that the server took: whose, which, and when."""

    recipient: str
    message_id: str
    content: bytes
    at: float


@dataclass
class Inbox:
    """A mail server's handler that keeps what it takes, and is slow to say so: the one window there is."""

    slow: float = 0.15
    mails: list[Accepted] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        message_id = str(message_from_bytes(content, policy=policy.default)["Message-ID"])
        for recipient in envelope.rcpt_tos:
            self.mails.append(
                Accepted(recipient=recipient, message_id=message_id, content=content, at=time.monotonic())
            )
        await asyncio.sleep(self.slow)
        return "250 taken"


@contextmanager
def mail_server(inbox: Inbox) -> Iterator[int]:
    """The port of a real SMTP server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
