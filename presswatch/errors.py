"""The one family of errors.

Every error that presswatch raises on purpose derives from `PresswatchError` and
carries a plain sentence that says what happened, where, and what to do. The
command line prints it without a traceback; anything else is a defect.
"""


class PresswatchError(Exception):
    """The base of every deliberate error; `exit_status` is what the command line returns."""

    exit_status = 1


class ConfigError(PresswatchError):
    """A file in `config/`, or the environment, says something that cannot be used."""

    exit_status = 2


class UsageError(PresswatchError):
    """A command was called with something that does not exist, such as an unknown source."""

    exit_status = 2


class StoreError(PresswatchError):
    """The store cannot be opened, read or written."""


class ArchiveError(PresswatchError):
    """A response cannot be written to the archive, or read back from it."""


class MachineError(PresswatchError):
    """The machine, or what is installed on it, lets nothing be done now: no page, source or recipient is to blame."""


class BackupError(PresswatchError):
    """A backup cannot be written, is not whole, or may not take the store's place."""


class CrawlError(PresswatchError):
    """A crawl could not be run at all; one source that fails is recorded, not raised."""


class ExtractionError(PresswatchError):
    """A page holds no article that can be taken out."""


class DeliveryError(PresswatchError):
    """A digest could not be handed over. `permanent` means that trying again is useless."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
