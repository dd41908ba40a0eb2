"""Recipients' addresses: which are mail, and how they may be shown. Does no input or output."""


def is_mail(recipient: str) -> bool:
    """Whether our own mail channel serves it; `mailto://…` with two slashes is Apprise's."""
    return recipient.startswith("mailto:") and not recipient.startswith("mailto://")


def shown(recipient: str) -> str:
    """A recipient as others may read it: never a whole mail address, never a chat service's secret."""
    scheme, _, rest = recipient.partition(":")
    if is_mail(recipient):
        local, _, domain = rest.partition("?")[0].rpartition("@")
        return f"{local[:1]}…@{domain}"
    return f"{scheme}:{rest}" if scheme in ("file", "stdout") else f"{scheme}://…"
