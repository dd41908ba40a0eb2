"""Who owns an address, and how far apart its host's requests are."""

from datetime import timedelta

import pytest

from crawler.hosts import STRANGER_DELAY, Hosts
from crawler.ledger import LONGEST_PAUSE, next_due
from presswatch.models import Source

from .conftest import START

NEWS = Source(id="news", name="N", feeds=("https://news.example/feed",), articles="^/news/[^/]+$")
BLOG = Source(id="blog", name="B", homepage="https://www.blog.example/", feeds=("https://burner.example/blog",))
TECH = Source(
    id="tech", name="T", feeds=("https://blog.example/tech/feed",), articles="^/tech/", delay=timedelta(seconds=9)
)
OFF = Source(id="off", name="O", feeds=("https://off.example/feed",), enabled=False)
HOSTS = Hosts([NEWS, BLOG, TECH, OFF])

OWNERS = {
    "its own, by its pattern": ("https://news.example/news/a", NEWS, "news"),
    "its own host, another path": ("https://news.example/about", NEWS, None),
    "another source's": ("https://blog.example/a/", NEWS, "blog"),
    "with and without www": ("https://www.blog.example/a", BLOG, "blog"),
    "shared: the finder comes first": ("https://blog.example/tech/a", BLOG, "blog"),
    "shared: the finder comes first, the other way": ("https://blog.example/tech/a", TECH, "tech"),
    "shared: by pattern": ("https://blog.example/b", TECH, "blog"),
    "a source that is off": ("https://off.example/a", NEWS, None),
    "a stranger": ("https://stranger.example/a", NEWS, None),
    "another port is another site": ("https://news.example:8443/news/a", NEWS, None),
    "a list of a WordPress": ("https://blog.example/tag/ai/", BLOG, None),
    "the front page": ("https://blog.example/", BLOG, None),
    "a picture": ("https://blog.example/wp-content/a.png", BLOG, None),
    "no address": ("nonsense", NEWS, None),
}


@pytest.mark.parametrize("name", OWNERS)
def test_owners(name: str) -> None:
    url, finder, owner = OWNERS[name]
    found = HOSTS.owner(url, finder)
    assert (found.id if found else None) == owner


def test_the_larger_delay_holds_for_a_shared_host() -> None:
    assert HOSTS.delay("blog.example") == 9
    assert HOSTS.delay("news.example") == 2
    assert HOSTS.delay("stranger.example") == STRANGER_DELAY


def test_a_slot_varies_from_one_delay_to_one_and_a_half() -> None:
    slot = HOSTS.slots()["news.example"]
    assert slot["concurrency"] == 1
    assert slot["delay"] * (1 - slot["jitter"]) == pytest.approx(2.0)
    assert slot["delay"] * (1 + slot["jitter"]) == pytest.approx(3.0)


PAUSES = {0: 15, 1: 15, 2: 30, 3: 60, 4: 120, 5: 240, 6: 360, 60: 360}


@pytest.mark.parametrize("failures", PAUSES)
def test_failing_sources_are_asked_ever_more_rarely_and_never_given_up(failures: int) -> None:
    assert next_due(NEWS, START, failures, None) == START + timedelta(minutes=PAUSES[failures])


def test_a_source_of_long_intervals_keeps_them() -> None:
    daily = Source(id="d", name="D", every=timedelta(days=1))
    assert next_due(daily, START, 9, None) == START + timedelta(days=1)
    assert timedelta(days=1) > LONGEST_PAUSE


def test_a_site_that_names_a_time_is_not_asked_before() -> None:
    assert next_due(NEWS, START, 1, START + timedelta(hours=3)) == START + timedelta(hours=3)
