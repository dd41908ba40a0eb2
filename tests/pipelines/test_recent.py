"""Articles by their days: every one within reach is found, whatever happened to it since."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from pipelines.recent import Recent, moment
from presswatch.models import Fingerprint, Known

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
ZONES = st.sampled_from([timezone(timedelta(hours=hours)) for hours in (-12, -5, 0, 9, 14)])
MOMENTS = st.builds(lambda hours, zone: (T0 + timedelta(hours=hours)).astimezone(zone), st.integers(-2000, 2000), ZONES)


def known(number: int, published: datetime | None, seen: datetime) -> Known:
    return Known(
        url=f"https://a.example/{number}", source="a", language="en", published_at=published, first_seen_at=seen,
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
    around = {one.url: one for one in recent.around(when, reach)}
    assert dict(recent) == plain
    assert len(recent) == len(plain)
    assert all(plain[url] == one for url, one in around.items())
    assert {url for url, one in plain.items() if abs(moment(one) - when) <= reach} <= set(around)


def test_an_article_is_of_the_day_that_is_known_last() -> None:
    first = known(1, None, T0)
    recent = Recent([first])
    recent[first.url] = replace(first, published_at=T0 - timedelta(days=100))
    assert not list(recent.around(T0, timedelta(days=9)))
    assert [one.url for one in recent.around(T0 - timedelta(days=99), timedelta(days=9))] == [first.url]
