"""Articles by their days: every one within reach is found, whatever happened to it since."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from pipelines.recent import Recent, day_of, moment
from presswatch.models import Fingerprint, Known

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
ZONES = st.sampled_from([timezone(timedelta(hours=hours)) for hours in (-12, -5, 0, 9, 14)])
MOMENTS = st.builds(lambda hours, zone: (T0 + timedelta(hours=hours)).astimezone(zone), st.integers(-2000, 2000), ZONES)


def known(number: int, published: datetime | None, seen: datetime) -> Known:
    return Known(
        url=f"https://a.example/{number}", language="en", published_at=published, first_seen_at=seen,
        story="s", relevant=True, fingerprint=Fingerprint(simhash=number, slug="", keys=()),
    )  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 9), st.none() | MOMENTS, MOMENTS), max_size=30),
    st.sets(st.integers(0, 9)),
    MOMENTS,
    st.integers(1, 60),
)
def test_it_finds_what_a_walk_through_all_would(
    came: list[tuple[int, datetime | None, datetime]], gone: set[int], when: datetime, days: int
) -> None:
    recent, plain = Recent(), dict[str, Known]()
    for number, published, seen in came:
        one = known(number, published, seen)
        recent[one.url] = plain[one.url] = one
    for url in [f"https://a.example/{number}" for number in gone]:
        if url in plain:
            del plain[url], recent[url]
    reach = timedelta(days=days)
    around = {one.url: one for one in recent.of_days(day_of(when - reach), day_of(when + reach))}
    assert dict(recent) == plain
    assert len(recent) == len(plain)
    assert all(plain[url] == one for url, one in around.items())
    assert {url for url, one in plain.items() if abs(moment(one) - when) <= reach} <= set(around)


def test_an_article_is_of_the_day_that_is_known_last() -> None:
    first = known(1, None, T0)
    recent = Recent([first])
    recent[first.url] = first._replace(published_at=T0 - timedelta(days=100))
    assert not list(recent.of_days(day_of(T0) - 9, day_of(T0) + 9))
    assert [one.url for one in recent.of_days(day_of(T0) - 109, day_of(T0) - 91)] == [first.url]


def shared(number: int, day: int, *, relevant: bool = True, story: str = "s", simhash: int = 0) -> Known:
    """An article whose slug, keys and links it has in common with every third one."""
    third = number % 3
    return known(number, T0 + timedelta(days=day), T0)._replace(
        story=story,
        relevant=relevant,
        fingerprint=Fingerprint(simhash=simhash, slug=f"slug-{third}", keys=(f"org:{third}", f"place:{number % 2}")),
        alternates=(f"https://a.example/{third}",),
    )


ARTICLES = st.builds(
    shared,
    st.integers(0, 9),
    st.integers(-40, 40),
    relevant=st.booleans(),
    story=st.sampled_from(("s", "t", "")),
    simhash=st.sampled_from((0, 1, 3, 2**64 - 1)) | st.integers(0, 2**64 - 1),
)


@given(st.lists(ARTICLES, max_size=30), st.sets(st.integers(0, 9)), st.integers(-50, 50), st.integers(0, 40))
def test_what_articles_have_in_common_is_found(came: list[Known], gone: set[int], day: int, days: int) -> None:
    recent, plain = Recent(), dict[str, Known]()
    for one in came:
        recent[one.url] = plain[one.url] = one
        assert recent.printed_alike(one.fingerprint.simhash, 0, 0, 4_000_000) or not one.fingerprint.simhash
    for url in [f"https://a.example/{number}" for number in gone if f"https://a.example/{number}" in plain]:
        del plain[url], recent[url]
    first = day_of(T0 + timedelta(days=day))
    last = first + days
    near = {url for url, one in plain.items() if first <= day_of(moment(one)) <= last}
    assert {one.url for one in recent.of_days(first, last)} == near
    assert recent.number_of_days(first, last) == len(near)
    for key in ("", "org:0", "place:1", "org:9"):
        stating = {u for u, one in plain.items() if one.relevant and (not key or key in one.fingerprint.keys)}
        assert sorted(recent.holders(key, first, last)) == sorted(stating & near)
        assert recent.number_of_holders(key, first, last) == len(stating & near)
    for third in range(3):
        alike = {url for url, one in plain.items() if one.fingerprint.slug == f"slug-{third}"}
        assert set(recent.with_slug(f"slug-{third}")) == set(recent.naming(f"https://a.example/{third}")) == alike
    for story in ("s", "t", "u"):
        assert sorted(recent.of_story(story)) == sorted(url for url, one in plain.items() if one.story == story)
    for simhash in (0, 1, 2**64 - 1):
        printed = {u for u in near if (h := plain[u].fingerprint.simhash) and (h ^ simhash).bit_count() <= 5}
        assert set(recent.printed_alike(simhash, 5, first, last)) == (printed if simhash else set())


def test_what_is_held_for_a_while_leaves_no_trace() -> None:
    first, other = shared(1, 0), shared(2, 1)
    recent = Recent([first])
    for held in (first._replace(story="elsewhere"), other):
        with recent.holding(held):
            assert recent[held.url] == held
        assert dict(recent) == {first.url: first}
        assert recent.of_story("elsewhere") == []
        assert list(recent.holders("", 0, 4_000_000)) == [first.url]


@given(st.lists(ARTICLES, max_size=12), st.lists(ARTICLES, max_size=12), st.sets(st.integers(0, 9)))
def test_all_that_came_since_can_be_undone(before: list[Known], since: list[Known], gone: set[int]) -> None:
    recent = Recent(before)
    plain = dict(recent)
    for one in since:
        recent[one.url] = one
    for url in [f"https://a.example/{number}" for number in gone]:
        recent.pop(url, None)
    recent.restore()
    assert dict(recent) == plain
    assert sorted(recent.of_story("s")) == sorted(url for url, one in plain.items() if one.story == "s")
