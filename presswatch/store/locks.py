"""A file that one process at a time may hold."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from presswatch.errors import StoreError


class Busy(StoreError):
    """Another process holds the lock."""


@contextmanager
def held_file(path: Path, refusal: Busy) -> Iterator[None]:
    """Hold `path` until the block ends; raises `refusal` where somebody else, or another thread, holds it.

    The kernel lets go when the process dies. The file stays: removing it would
    let a third process lock a new file of that name while the second holds the old one.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"The lock {path} cannot be made: {error.strerror}. Look who may write there.") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        with suppress(OSError):  # for a person who looks; a full disk does not keep anybody from holding it
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
