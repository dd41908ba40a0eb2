"""A local stand-in for an OpenAI-compatible endpoint, on a real socket, that answers whatever a test wants."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any


def completion(content: object) -> bytes:
    text = content if isinstance(content, str) else json.dumps(content)
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


def reply(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


class StandIn:
    """A local endpoint that answers every request with what `answer` makes of it: bytes, or pieces over time."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer: Callable[[dict[str, Any]], bytes | Iterator[bytes]] = lambda _: reply(
            completion({"level": "none"})
        )
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            worker = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(worker)
            worker.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                head = b"".join(iter(stream.readline, b"\r\n")).decode("latin-1")
                length = re.search(r"Content-Length: (\d+)", head)
                body = json.loads(stream.read(int(length[1]))) if length else {}
                self.asked.append((head, body))
                answer = self.answer(body)
                for piece in [answer] if isinstance(answer, bytes) else answer:
                    if self._over.is_set():
                        return
                    connection.sendall(piece)
        except OSError:
            pass  # the asker went away, as some tests mean it to

    def close(self) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()


def drip(
    *pieces: bytes, then: bytes = b"", pause: float = 0.05, lasts: float = 4
) -> Callable[[dict[str, Any]], Iterator[bytes]]:
    """The pieces, and then `then` for so many seconds."""

    def answer(_: dict[str, Any]) -> Iterator[bytes]:
        yield from pieces
        for _ in range(int(lasts / pause)):
            yield then
            time.sleep(pause)

    return answer
