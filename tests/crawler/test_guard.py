"""The address guard: which addresses are public, and that no connection is made to any other."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from crawler.guard import AddressRefused, is_public, permitted

from .conftest import Desk, Site, page, rss

REFUSED = {
    "loopback": ["127.0.0.1", "127.8.9.10", "::1"],
    "private": ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fd12:3456::1"],
    "link-local, the metadata of clouds": ["169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "fec0::1"],
    "this host, this network": ["0.0.0.0", "0.1.2.3", "::"],
    "carrier-grade NAT": ["100.64.0.1", "100.127.255.254"],
    "multicast and broadcast": ["224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1", "ff0e::1"],
    "reserved, for examples, for tests": [
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "240.0.0.1",
        "192.88.99.1",
        "2001:db8::1",
        "100::1",
    ],
    "IPv4 inside IPv6": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1"],
    "IPv4 behind NAT64": ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"],
    "IPv4 in 6to4 and Teredo": ["2002:7f00:1::1", "2002:a00:1::1", "2001:0:0:0:0:0:80ff:fffe"],
    "no address": ["localhost", "example.org", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "1.2.3.4.5", ""],
}
PUBLIC = {
    "IPv4": ["1.1.1.1", "8.8.8.8", "93.184.215.14"],
    "next to a private network": ["172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "192.169.0.1"],
    "IPv6": ["2606:4700:4700::1111", "2001:4860:4860::8888"],
    "IPv4 inside IPv6": ["::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_public(kind: str) -> None:
    assert [address for address in REFUSED[kind] if is_public(address)] == []


@pytest.mark.parametrize("kind", PUBLIC)
def test_what_is_public(kind: str) -> None:
    assert [address for address in PUBLIC[kind] if not is_public(address)] == []


def resolving(*addresses: str) -> Any:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(AddressRefused, match=r"^news\.example leads to 10\.0\.0\.1, which is not public"):
        asyncio.run(permitted("news.example", 443, allow_private=False, resolver=resolving("8.8.8.8", "10.0.0.1")))


def test_a_private_source_may_have_any_address() -> None:
    found = permitted("news.example", 443, allow_private=True, resolver=resolving("8.8.8.8", "10.0.0.1"))
    assert asyncio.run(found) == ("8.8.8.8", "10.0.0.1")


# From here on over real connections. The site is on loopback, so that a guard that failed would reach it.


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]"])
def test_no_spelling_of_loopback_is_reached(desk: Desk, site: Site, host: str) -> None:
    port = site.base.rpartition(":")[2]
    site.feed("a")
    desk.watch({"id": "one", "feeds": [f"http://{host}:{port}/feed"], "allow_private": False, "delay": "1s"})
    figures = desk.crawl()["one"]
    assert site.asked == []
    assert (figures.ok, figures.state) == (False, "failing")
    assert "public" in figures.message


def test_the_connection_goes_to_the_address_that_was_checked(desk: Desk, site: Site) -> None:
    """One look-up a connection, and its answer is used: no second one could say something else.

    Nobody else knows the name, so that the crawl succeeds only by the guard's own answer.
    """
    port = site.base.rpartition(":")[2]
    looked_up: list[str] = []

    async def rebinding(host: str, _: int) -> Sequence[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["240.0.0.1"]

    site.put("/feed", rss(f"http://news.example:{port}/news/a"))
    site.put("/news/a", page("a"))
    desk.watch({"id": "one", "feeds": [f"http://news.example:{port}/feed"], "delay": "1s"})
    desk.delays = {"one": 0.0}
    assert desk.crawl(GUARD_RESOLVER=rebinding)["one"].fetched == 1
    assert looked_up == ["news.example"]


def test_a_name_that_turns_private_is_refused_from_then_on(desk: Desk, site: Site) -> None:
    port = site.base.rpartition(":")[2]
    desk.watch({"id": "one", "feeds": [f"http://news.example:{port}/feed"], "allow_private": False, "delay": "1s"})
    figures = desk.crawl(GUARD_RESOLVER=resolving("8.8.8.8", "127.0.0.1"))["one"]
    assert site.asked == []
    assert "news.example leads to 127.0.0.1, which is not public; no connection was made" in figures.message


def test_the_peer_is_checked_before_anything_is_sent(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second lock holds where the first one was deceived."""
    port = site.base.rpartition(":")[2]

    async def deceived(host: str, port: int, **_: Any) -> Sequence[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr("crawler.guard.permitted", deceived)
    desk.watch({"id": "one", "feeds": [f"http://news.example:{port}/feed"], "allow_private": False, "delay": "1s"})
    figures = desk.crawl()["one"]
    assert site.asked == []
    assert "news.example answered from 127.0.0.1, which is not public; nothing was sent" in figures.message


def test_a_redirect_to_another_private_host_is_refused(desk: Desk, site: Site, other_site: Site) -> None:
    site.feed("a", "b")
    site.put("/news/a", b"", 302, Location=f"{other_site.base}/admin")
    other_site.put("/admin", "secrets")
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"]})
    figures = desk.crawl()["one"]
    assert other_site.asked == []
    assert (figures.fetched, figures.failed) == (1, 1)
    assert "not a public address" in figures.message


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/html,x",
        "http://user:word@127.0.0.1/",
        "http://a\\@b/",
        "gopher://x/",
    ],
)
def test_a_redirect_to_anything_but_http_is_refused(desk: Desk, site: Site, target: str) -> None:
    site.put("/feed", b"", 302, Location=target)
    desk.watch({"id": "one", "feeds": [f"{site.base}/feed"]})
    figures = desk.crawl()["one"]
    assert (figures.ok, figures.state) == (False, "failing")
    assert "redirects to an address that is refused" in figures.message


def test_a_private_connection_is_not_reused_for_a_public_source(desk: Desk, site: Site) -> None:
    site.put("/one", rss(f"{site.base}/news/a"))
    site.put("/two", rss(f"{site.base}/news/b"))
    site.put("/news/a", page("a"))
    desk.watch(
        {"id": "one", "feeds": [f"{site.base}/one"]},
        {"id": "two", "feeds": [f"{site.base}/two"], "allow_private": False, "delay": "1s"},
    )
    desk.delays = {"one": 0.0, "two": 0.0}
    figures = desk.crawl()
    assert figures["one"].ok
    assert not figures["two"].ok
    assert "/two" not in site.asked


def test_children_of_a_sitemap_pass_the_guard(desk: Desk, site: Site, other_site: Site) -> None:
    children = f"<sitemap><loc>{other_site.base}/sitemap.xml</loc></sitemap><sitemap><loc>http://169.254.169.254/</loc></sitemap>"
    site.put("/index.xml", f"<sitemapindex>{children}</sitemapindex>")
    desk.watch({"id": "one", "sitemaps": [f"{site.base}/index.xml"]})
    desk.crawl(mode="backfill")
    assert other_site.asked == []
