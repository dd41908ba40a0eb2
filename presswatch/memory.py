"""Memory: given back to the system as soon as it is free (glibc only), and searched for garbage seldom."""

import ctypes
import gc
from contextlib import suppress

# Of malloc.h.
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8


def give_large_back() -> None:
    """Have every large piece of memory returned when it is freed.

    By itself glibc stops to do so after the first one, and a crawl of large answers then takes a quarter more.
    """
    _choose(_MMAP_THRESHOLD, 128 * 1024)


def collect_seldom() -> None:
    """Leave what is there now out of garbage collection, which then comes less often.

    For a process that ends with its work: with a thousand sources, or all the names, it took a fifth of the time.
    """
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def share_one_heap() -> None:
    """Have all threads take from one heap: each has its own otherwise, with gaps of its own. Before threads begin.

    For a process that mostly waits: threads that work at once would wait for each other.
    """
    _choose(_ARENA_MAX, 1)


def give_gaps_back() -> None:
    """Return what is free between pieces that are in use."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _choose(parameter: int, value: int) -> None:
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(parameter, value)
