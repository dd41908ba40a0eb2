"""The dead-man's ping, against real servers: it arrives, or says why not, and never asks where it must not."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from crawler.guard import is_public
from presswatch.monitoring.ping import PingFailed, ping

SECRET = "7b0c-a-uuid"


def anywhere(_: str) -> bool:
    return True


@contextmanager
def server(status: int = 200) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """A server that answers with this status, and what it was asked."""
    asked: list[tuple[str, str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Host"], self.headers["User-Agent"]))
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"127.0.0.1:{running.server_port}", asked
        finally:
            running.shutdown()
            thread.join()


@contextmanager
def silent(drip: bytes = b"") -> Iterator[str]:
    """A server that takes the connection and never answers, or a byte at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ending = threading.Event()

        def serve() -> None:
            taken, _ = listening.accept()
            with taken:
                while not ending.wait(0.05):
                    try:
                        taken.sendall(drip)
                    except OSError:
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            ending.set()
            thread.join()


def test_it_arrives_with_its_path_and_our_name() -> None:
    with server() as (place, asked):
        ping(f"http://{place}/{SECRET}?rid=1", "presswatch/1", permitted=anywhere)
    assert asked == [(f"/{SECRET}?rid=1", place, "presswatch/1")]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_anything_but_success_is_said_without_the_secret(status: int) -> None:
    with server(status) as (place, asked), pytest.raises(PingFailed, match=str(status)) as raised:
        ping(f"http://{place}/{SECRET}", "presswatch", permitted=anywhere)
    assert SECRET not in str(raised.value)
    assert len(asked) == 1  # a redirect is not followed


def test_a_private_address_is_not_asked_unless_the_operator_says_so() -> None:
    with server() as (place, asked):
        with pytest.raises(PingFailed, match=r"not public.*ping_private"):
            ping(f"http://{place}/{SECRET}", "presswatch", permitted=is_public)
        port = int(place.partition(":")[2])
        for addresses in (["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], []):
            with pytest.raises(PingFailed, match="not public"):
                ping(
                    f"http://ping.example:{port}/{SECRET}",
                    "presswatch",
                    permitted=is_public,
                    resolver=lambda *_, found=addresses: found,
                )
    assert asked == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]  # a name that changes between the check and the connection
    with server() as (place, asked):
        port = place.partition(":")[2]
        ping(f"http://ping.example:{port}/", "presswatch", permitted=anywhere, resolver=lambda *_: answers.pop(0))
    assert asked[0][1] == f"ping.example:{port}"
    assert len(answers) == 1


@pytest.mark.parametrize("drip", [b"", b"H"], ids=["no answer", "a letter at a time"])
def test_a_server_without_an_answer_is_left(drip: bytes) -> None:
    started = time.monotonic()
    with silent(drip) as place, pytest.raises(PingFailed, match="in time"):
        ping(f"http://{place}/{SECRET}", "presswatch", permitted=anywhere, seconds=0.3)
    assert time.monotonic() - started < 5


def test_a_refused_connection_and_an_unknown_name_are_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(PingFailed, match=r"127\.0\.0\.1 could not be pinged: .*refused"):
        ping(f"http://127.0.0.1:{port}/{SECRET}", "presswatch", permitted=anywhere)

    def unknown(*_: object) -> list[str]:
        raise socket.gaierror("Name or service not known")

    with pytest.raises(PingFailed, match="not known") as raised:
        ping(f"https://nowhere.example/{SECRET}", "presswatch", permitted=anywhere, resolver=unknown)
    assert SECRET not in str(raised.value)


def test_tls_is_verified() -> None:
    with server() as (place, _), pytest.raises(PingFailed, match=r"SSL|TLS|record|wrong version"):
        ping(f"https://{place}/{SECRET}", "presswatch", permitted=anywhere)
