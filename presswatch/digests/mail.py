"""Digests as mail: the message, and handing it to a mail server.

The same edition for the same recipient is the same message however often it is
made, Message-ID and Date included, so that a mailbox shows one where a crash
after the server's acceptance made us send it twice.
"""

import hashlib
import re
import smtplib
import ssl
from contextlib import suppress
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from ipaddress import ip_address
from unicodedata import category

from presswatch import recipients
from presswatch.errors import DeliveryError
from presswatch.models import Digest
from presswatch.settings import MailServer

_TIMEOUT = 60.0  # seconds for each answer of the server
_POLICY = policy.SMTP.clone(max_line_length=78)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)


class ServerUnavailable(DeliveryError):
    """The mail server itself cannot be used now; no other message need be tried on it."""


def address(text: str) -> str:
    """The plain address in `text`, as a mail server takes it; raises a permanent `DeliveryError`."""
    local, at, domain = text.strip().rpartition("@")
    with suppress(UnicodeError):
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    fits = len(local) <= 64 and len(domain) <= 253
    if not (at and fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise DeliveryError(
            f"{text[:100]!r} is not a mail address. Write it like mailto:you@example.org in digests.yaml.",
            permanent=True,
        )
    return f"{local}@{domain}"


def made_up_id(digest: Digest, recipient: str) -> str:
    """The part of the Message-ID before its @, for a digest that is not in the outbox."""
    hashed = hashlib.sha256(f"{digest.name}\n{digest.edition}\n{recipient}".encode()).hexdigest()
    return f"{_token(f'{digest.name}-{digest.edition}')}.{hashed[:20]}"


def message(digest: Digest, to: str, sender: str, message_id: str) -> EmailMessage:
    """The edition as one mail to `to`; `sender` may carry a name, `message_id` is the local part of its Message-ID."""
    to_address = Address(addr_spec=address(to))
    from_address = _sender(sender, digest.title)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = from_address
    mail["To"] = to_address
    mail["Subject"] = header(digest.subject)
    mail["Date"] = digest.built_at
    mail["Message-ID"] = f"<{_token(message_id)}@{from_address.domain}>"
    mail["List-Id"] = f"<{_token(digest.name)}.presswatch.{from_address.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(digest.text, cte=_encoding(digest.text))
    mail.add_alternative(digest.html, subtype="html", cte=_encoding(digest.html))
    mail.set_boundary(f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}")
    return mail


def hand_over(mail: EmailMessage, server: MailServer) -> str:
    """Give the mail to the server; returns its receipt.

    Raises `DeliveryError`: permanent where the server refuses this message or
    recipient for good (5xx). What is wrong with the server itself, a password
    that it does not take included, can be mended, and is worth trying again.
    """
    to = mail["To"].addresses[0].addr_spec
    smtp = _connected(server)
    try:
        _announce(smtp, mail["From"].addresses[0].addr_spec, server)
        code, answer = smtp.rcpt(to)
        if code not in (250, 251):
            raise smtplib.SMTPResponseException(code, answer)
        code, answer = smtp.data(mail.as_bytes(policy=_POLICY))
        if code != 250:
            raise smtplib.SMTPResponseException(code, answer)
    except smtplib.SMTPResponseException as error:
        raise _refused(error, server, to) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"The connection to the mail server {_place(server)} broke off: {error}") from None
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    return f"{server.host}: {_said(answer)}"


def try_server(server: MailServer) -> None:
    """Everything but a message: connect, encrypt, sign in, name the sender. Raises `DeliveryError` with advice."""
    sender = _sender(server.sender, "").addr_spec
    smtp = _connected(server)
    try:
        _announce(smtp, sender, server)
        smtp.rset()
    except (smtplib.SMTPException, OSError) as error:
        raise ServerUnavailable(_trouble(error, server)) from None
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()


def header(text: str) -> str:
    """Text that is safe in a header: one line, nothing but what can be seen."""
    return " ".join("".join(" " if category(c)[0] in "CZ" else c for c in text).split())


def _connected(server: MailServer) -> smtplib.SMTP:
    """A connection that is ready for mail: encrypted and signed in, as the settings say."""
    if not server.host:
        raise ServerUnavailable(
            "No mail server is set. Put PRESSWATCH_SMTP_HOST and PRESSWATCH_MAIL_FROM into the environment."
        )
    if server.user and server.security == "none" and not _is_loopback(server.host):
        raise ServerUnavailable(
            f"The password for {_place(server)} would go unencrypted. Set PRESSWATCH_SMTP_SECURITY to starttls or tls."
        )
    context = ssl.create_default_context()
    smtp: smtplib.SMTP | None = None
    try:
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
        if server.security == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        smtp.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        if smtp is not None:
            smtp.close()
        raise ServerUnavailable(_trouble(error, server)) from None
    return smtp


def _announce(smtp: smtplib.SMTP, sender: str, server: MailServer) -> None:
    """Name the sender. A server that refuses it refuses all our mail, whoever it is for."""
    code, answer = smtp.mail(sender)
    if code != 250:
        raise ServerUnavailable(
            f"The mail server {server.host} takes no mail from {sender}: {code} {_said(answer)}"
            " Check PRESSWATCH_MAIL_FROM and PRESSWATCH_SMTP_USER."
        )


def _trouble(error: Exception, server: MailServer) -> str:
    """Why the server cannot be used, with advice; never its own words on signing in, which may echo secrets."""
    place = _place(server)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return (
            f"The mail server {place} does not take the user name and password ({error.smtp_code})."
            " Check PRESSWATCH_SMTP_USER and PRESSWATCH_SMTP_PASSWORD."
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"The mail server {place} does not offer what is set: {error} Check PRESSWATCH_SMTP_SECURITY and _PORT."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of the mail server {place} is not trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"The mail server {place} does not speak TLS there. Check PRESSWATCH_SMTP_SECURITY and _PORT."
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The mail server {place} takes no mail now ({error.smtp_code} {_said(error.smtp_error)})."
    if isinstance(error, ValueError):  # its words may hold a letter of the password
        return f"The mail server {place} cannot be signed in to: user name and password must be plain ASCII."
    reason = "it did not answer in time" if isinstance(error, TimeoutError) else str(error)
    return f"The mail server {place} cannot be reached: {reason}."


def _refused(error: smtplib.SMTPResponseException, server: MailServer, to: str) -> DeliveryError:
    permanent = 500 <= error.smtp_code < 600
    said = _said(error.smtp_error).replace(to, recipients.shown(f"mailto:{to}"))
    verb = "refused the mail for good" if permanent else "did not take the mail yet"
    return DeliveryError(f"The mail server {server.host} {verb}: {error.smtp_code} {said}", permanent=permanent)


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return header(text)[:300]


def _place(server: MailServer) -> str:
    return f"{server.host}:{server.port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _sender(sender: str, title: str) -> Address:
    """Whom the mail is from; a mistake there is the installation's, and no reason to give a delivery up."""
    name, plain = parseaddr(sender)
    try:
        return Address(display_name=header(name) or header(title), addr_spec=address(plain))
    except DeliveryError:
        raise ServerUnavailable(
            f"PRESSWATCH_MAIL_FROM is {header(sender)[:100]!r}, which is not a mail address."
        ) from None


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-.")


def _encoding(text: str) -> str:
    """The transfer encoding that makes the mail shorter: base64 costs a third, quoted-printable two bytes each."""
    encoded = text.encode()
    return "base64" if sum(byte > 126 for byte in encoded) * 6 > len(encoded) else "quoted-printable"
