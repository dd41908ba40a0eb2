"""Lists of feeds in and out, as other readers write them."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from presswatch import catalogue, opml
from presswatch.errors import UsageError
from presswatch.models import Source

ANOTHERS = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.1"><head><title>Mine</title></head><body>
  <outline text="Folder &amp; more">
    <outline type="rss" text="The Register" title="The Register" xmlUrl="https://a.example/headlines.atom" htmlUrl="https://a.example/"/>
    <outline type="rss" text="\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e" xmlURL="https://b.example/feed" language="ja-JP"/>
  </outline>
  <outline text="again" xmlUrl="https://a.example/headlines.atom"/>
  <outline text="The Register" xmlUrl="https://c.example/other"/>
  <outline text="a script" xmlUrl="javascript:alert(1)"/>
</body></opml>"""


def test_anothers_list_becomes_blocks_that_the_catalogue_takes(tmp_path: Path) -> None:
    known = [Source(id="the-register", name="x", feeds=("https://c.example/other",))]
    text = opml.blocks(opml.read(ANOTHERS), known)
    (tmp_path / "sources.yaml").write_text(text, "utf-8")
    sources = catalogue.load_sources(tmp_path / "sources.yaml")
    assert [(s.id, s.name, s.language, s.feeds) for s in sources] == [
        ("the-register-2", "The Register", None, ("https://a.example/headlines.atom",)),
        ("b-example", "日本語", "ja", ("https://b.example/feed",)),
    ]


def test_there_and_back() -> None:
    sources = [
        Source(id="a", name="A & <B>", language="en", homepage="https://a.example/", feeds=("https://a.example/1",)),
        Source(id="b", name="ニュース", feeds=("https://b.example/1", "https://b.example/2")),
        Source(id="c", name="No feed", sitemaps=("https://c.example/s.xml",)),
    ]
    found = opml.read(opml.write(sources))
    assert [(f.title, f.url, f.homepage, f.language) for f in found] == [
        ("A & <B>", "https://a.example/1", "https://a.example/", "en"),
        ("ニュース", "https://b.example/1", None, None),
        ("ニュース", "https://b.example/2", None, None),
    ]
    assert opml.blocks(found, sources) == ""


@pytest.mark.parametrize(
    "content",
    [
        b"", b"not xml", b"<rss/>", b"<opml/>", b"<opml><body><outline text='folder'/></body></opml>",
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline xmlUrl="https://a.example/&x;"/></body></opml>',
        b"<opml>" + b"<outline>" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_list_is_said(content: bytes) -> None:
    with pytest.raises(UsageError):
        opml.read(content)


def test_the_command_writes_and_reads_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "presswatch", "--data", str(tmp_path / "data"), "sources"]
    written = subprocess.run([*command, "--opml"], capture_output=True, check=True).stdout
    assert b"xmlUrl" in written
    (tmp_path / "list.opml").write_bytes(ANOTHERS)
    printed = subprocess.run([*command, "--from", str(tmp_path / "list.opml")], capture_output=True, check=True).stdout
    assert [block["id"] for block in yaml.safe_load(printed)["sources"]] == [
        "the-register",
        "b-example",
        "the-register-2",
    ]
    assert not (tmp_path / "data").exists()
