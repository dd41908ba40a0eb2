"""A mail server on one of the hosts, which writes a line for each mail that it took: `python -m tests.cluster.sink`."""

import base64
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from aiosmtpd.controller import Controller

from tests.faults.mailbox import Accepted, Inbox

PORT = 2525


def main(address: str, file: Path) -> None:
    inbox = Inbox(slow=0.15)
    controller = Controller(inbox, hostname=address, port=PORT)
    controller.start()
    told = 0
    with file.open("a") as lines:
        while True:
            for mail in inbox.mails[told:]:
                lines.write(json.dumps(asdict(mail) | {"content": base64.b64encode(mail.content).decode()}) + "\n")
                told += 1
            lines.flush()
            time.sleep(0.1)


def taken(file: Path) -> list[Accepted]:
    """The mails so far; a line that is just being written is none yet."""
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    rows = [json.loads(line) for line in lines if line.endswith("\n")]
    return [Accepted(**(row | {"content": base64.b64decode(row["content"])})) for row in rows]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
