"""Which articles tell one piece of news: joins, what keeps stories apart, and independence of the order of arrival."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations

import pytest

from pipelines import grouping
from pipelines.alike import BY_KEYS, Likeness
from pipelines.grouping import assign, regroup
from pipelines.recent import Recent
from presswatch.models import Fingerprint, Known

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
EN, FR, JA = "https://blogs.nvidia.com/blog/", "https://blogs.nvidia.fr/", "https://blogs.nvidia.co.jp/blog/"
NEWS = "https://nvidianews.nvidia.com/news/"
QUAY = ("org:Tidewater Grid", "place:Grimsby", "place:United Kingdom", "gpus:4096:gpu", "power:12:MW")
PARTNERS = ("org:Nscale", "org:Microsoft")


def known(
    url: str, *keys: str, day: float = 0, language: str = "", simhash: int | None = None, **about: object
) -> Known:
    at = DAY + timedelta(days=day)
    seed = random.Random(url)
    return Known(
        **{
            "url": url,
            "language": language or {FR: "fr", JA: "ja"}.get(url.rpartition("/")[0] + "/", "en"),
            "published_at": at,
            "first_seen_at": at + timedelta(minutes=seed.randrange(60)),
            "story": "",
            "relevant": bool(keys),
            "fingerprint": Fingerprint(
                simhash=seed.getrandbits(64) if simhash is None else simhash,
                slug=url.rpartition("/")[2],
                keys=tuple(sorted(keys)),
            ),
            **about,
        }  # type: ignore[arg-type]
    )


def partition(members: Sequence[Known]) -> set[frozenset[str]]:
    named = regroup(members)
    return {frozenset(u for u in named if named[u] == story) for story in named.values()}


def together(a: Known, b: Known, *others: Known) -> bool:
    named = regroup([a, b, *others])
    return named[a.url] == named[b.url]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(known(EN + "tide-computer-opens"), known(JA + "tide-computer-opens", day=5), id="slug"),
        pytest.param(
            known(EN + "x", alternates=(FR + "le-quai",)),
            known(FR + "le-quai", day=40),
            id="an alternate, however late",
        ),
        pytest.param(
            known(FR + "q", alternates=(EN + "gone",)),
            known(JA + "p", alternates=(EN + "gone",)),
            id="a common alternate",
        ),
        pytest.param(
            known(NEWS + "a", simhash=2**40 - 1), known(EN + "b", simhash=2**40 - 4), id="near-identical text"
        ),
        pytest.param(known(EN + "a", *QUAY), known(FR + "b", *QUAY, day=3), id="all names and figures"),
        pytest.param(known(EN + "a", *QUAY), known(FR + "b", *QUAY[:2], QUAY[3], day=3), id="a shorter translation"),
        pytest.param(
            known(EN + "a", *QUAY, "person:Ann Otterby"),
            known(JA + "b", *QUAY[1:4], "org:NHS", day=1),
            id="half of them",
        ),
        pytest.param(
            known(EN + "a", "org:Wayve", "place:London", "money:500000000:USD"),
            known(NEWS + "b", "org:Wayve", "place:London", "money:500000000:USD", "org:Uber", "place:United Kingdom"),
            id="a part of wider news",
        ),
    ],
)
def test_one_story(a: Known, b: Known) -> None:
    assert together(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(
            known(EN + "tide-computer-opens"), known(JA + "tide-computer-opens", day=15), id="a slug weeks later"
        ),
        pytest.param(known(EN + "news"), known(JA + "news"), id="a slug that says nothing"),
        pytest.param(known(EN + "2025"), known(JA + "2025"), id="a number"),
        pytest.param(known(NEWS + "a", simhash=255), known(EN + "b", simhash=0xFFFF0000), id="other text"),
        pytest.param(known(NEWS + "a", simhash=255), known(JA + "b", simhash=255), id="a hash in another language"),
        pytest.param(
            known(NEWS + "q1", simhash=255), known(NEWS + "q2", simhash=255, day=90), id="next quarter's notice"
        ),
        pytest.param(
            known(EN + "a", "org:A Ltd", "jobs:120:job", simhash=255),
            known(EN + "b", "org:B Ltd", "jobs:75:job", simhash=255),
            id="a form letter with other figures",
        ),
        pytest.param(known(EN + "a", *QUAY), known(FR + "b", *QUAY, day=15), id="weeks later"),
        pytest.param(known(EN + "a", *QUAY), known(FR + "b", *QUAY, relevant=False), id="of no relevance"),
        pytest.param(
            known(EN + "a", *PARTNERS, "place:Loughton", "place:United Kingdom", "gpus:23000:gpu", "power:50:MW"),
            known(EN + "b", *PARTNERS, "place:Blyth", "place:United Kingdom", "gpus:8000:gpu", "jobs:300:job", day=2),
            id="other news by the same partners",
        ),
        pytest.param(
            known(EN + "a", *PARTNERS, "org:Port of Leith", "place:Leith", "place:Fife", "place:Cupar"),
            known(EN + "b", *PARTNERS, "org:Hull College", "place:Hull", "place:Goole", "place:Selby", day=1),
            id="the same partners, without figures, in other towns",
        ),
        pytest.param(
            known(EN + "a", *QUAY),
            known(EN + "b", *QUAY[:1], "place:Husum", "gpus:96:gpu", "org:Hafen Husum", day=1),
            id="the same company elsewhere",
        ),
        pytest.param(
            known(EN + "a", "place:London", "place:United Kingdom"),
            known(FR + "b", "place:London", "place:United Kingdom"),
            id="only common names",
        ),
    ],
)
def test_two_stories(a: Known, b: Known) -> None:
    assert not together(a, b)


def test_a_round_up_of_the_week_does_not_swallow_its_stories() -> None:
    one = [known(EN + "a1", *QUAY), known(FR + "a2", *QUAY, day=1)]
    other_keys = ("org:Marram Bio", "place:Leeds", "money:18000000:GBP", "person:Zainab Hallam", "jobs:45:job")
    other = [known(EN + "b1", *other_keys, day=1), known(JA + "b2", *other_keys, day=2)]
    more = [f"org:Firm {n}" for n in range(6)] + ["place:York", "money:7000000:GBP", "people:900:person"]
    week = known(EN + "w", *QUAY, *other_keys, *more, day=4)
    named = regroup([*one, *other, week])
    assert named[one[0].url] == named[one[1].url] != named[other[0].url] == named[other[1].url]
    assert named[week.url] not in (named[one[0].url], named[other[0].url])


def test_an_article_on_two_deals_of_the_same_partners_does_not_make_them_one() -> None:
    first = (*PARTNERS, "place:Loughton", "gpus:23000:gpu", "power:50:MW")
    second = (*PARTNERS, "place:Blyth", "gpus:8000:gpu", "power:30:MW")
    both = known(EN + "both", *first, *second, day=2)
    deals = [known(EN + "a1", *first), known(FR + "a2", *first), known(EN + "b1", *second), known(FR + "b2", *second)]
    named = regroup([*deals, both])
    assert [len({named[k.url] for k in pair}) for pair in (deals[:2], deals[2:], deals[::2])] == [1, 1, 2]


def test_a_name_that_everyone_states_joins_nobody() -> None:
    crowd = [
        known(f"{EN}n{n}", "org:Department", "person:Minister", f"org:Firm {n}", f"place:Town {n}") for n in range(30)
    ]
    assert len(set(regroup(crowd).values())) == 30


def test_a_page_that_everyone_links_to_joins_nobody() -> None:
    crowd = [known(f"{EN}page-{n}", alternates=("https://blogs.nvidia.com/start-here",)) for n in range(6)]
    assert len(set(regroup(crowd).values())) == 6


def arrival(members: Sequence[Known], order: Sequence[int]) -> dict[str, str]:
    """The stories of `members` after they came one by one, each assigned among those before it."""
    store = Recent()
    for turn, n in enumerate(order, 1):
        new = members[n]
        found = assign(new, store, turn=turn)
        for url, story in found.moved:
            store[url] = store[url]._replace(story=story)
        store[new.url] = new._replace(story=found.story)
    return {url: k.story for url, k in store.items()}


def groups(named: dict[str, str]) -> set[frozenset[str]]:
    return {frozenset(u for u in named if named[u] == story) for story in named.values()}


def test_the_order_of_arrival_changes_nothing() -> None:
    members = [
        known(EN + "quay", *QUAY),
        known(FR + "quai", *QUAY[:4], day=2),
        known(JA + "other-slug-here", *QUAY[:2], "power:12:MW", day=9),
        known(EN + "other-slug-here", day=8),
        known(NEWS + "z", "org:Tidewater Grid", "place:Leith", "gpus:100:gpu", day=1),
    ]
    expected = partition(members)
    assert sorted(map(len, expected)) == [1, 4]
    for order in permutations(range(len(members))):
        assert groups(arrival(members, order)) == expected, order


def random_window(seed: int, size: int = 24) -> list[Known]:
    """News by a few partners in a few towns, told two or three times each, with names lost and misread."""
    rng = random.Random(seed)
    members: list[Known] = []
    while len(members) < size:
        story = {
            f"org:O{rng.randrange(8)}",
            f"org:O{rng.randrange(8)}",
            f"place:P{rng.randrange(9)}",
            f"gpus:{rng.randrange(9999)}:gpu",
        }
        day = rng.random() * 20
        for site in rng.sample([EN, FR, JA, NEWS], rng.randint(1, 3)):
            keys = {k for k in sorted(story) if rng.random() > 0.2} | (
                {f"org:O{rng.randrange(8)}"} if rng.random() < 0.3 else set()
            )
            members.append(known(f"{site}n{len(members)}", *keys, day=day + rng.random() * 4))
    return members


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_arrival_changes_nothing_in_a_crowd(seed: int) -> None:
    members = random_window(seed)
    expected = partition(members)
    rng = random.Random(seed)
    for _ in range(4):
        order = rng.sample(range(len(members)), len(members))
        assert groups(arrival(members, order)) == expected


def test_a_story_keeps_its_id_and_a_late_version_joins_it() -> None:
    told = known(EN + "a", *QUAY)._replace(story="s-told")
    late = known(FR + "b", *QUAY, day=6)
    found = assign(late, Recent([told]))
    assert (found.story, found.merged, found.moved) == ("s-told", (), ())


def test_an_article_that_ties_two_stories_says_which_was_merged() -> None:
    first = known(EN + "a")._replace(story="s-first", alternates=(FR + "b",))
    second = known(JA + "c", day=1)._replace(
        story="s-second", alternates=(FR + "b",), first_seen_at=DAY + timedelta(days=2)
    )
    apart = [first, second._replace(alternates=())]
    link = known(FR + "b", day=2, alternates=(JA + "c",))
    found = assign(link, Recent(apart))
    assert (found.story, found.merged, found.moved) == ("s-first", ("s-second",), ((JA + "c", "s-first"),))


def test_an_article_read_again_keeps_its_story() -> None:
    told = known(EN + "a")._replace(story="s-told")
    again = told._replace(published_at=None, first_seen_at=DAY + timedelta(days=3), story="")
    other = known(EN + "b")._replace(story="s-b")
    assert assign(again, Recent([told, other])).story == "s-told"
    assert assign(again._replace(relevant=True), Recent([told])).story == "s-told"


def test_ids_are_stable_and_never_shared() -> None:
    members = random_window(3)
    named = regroup(members)
    told = [k._replace(story=named[k.url]) for k in members]
    assert regroup(told) == named
    one_name = [k._replace(story="s-all") for k in members]
    assert groups(regroup(one_name)) == groups(named)


def test_what_an_operator_joined_and_parted_stays_so() -> None:
    a, b, c = known(EN + "a", *QUAY), known(FR + "b", *QUAY, day=1), known(JA + "c", day=30)
    named = regroup([a, b, c], together=[(a.url, c.url)], apart=[(a.url, b.url)])
    assert named[a.url] == named[c.url] != named[b.url]
    assert regroup([c, b, a], together=[(c.url, a.url)], apart=[(b.url, a.url)]).keys() == named.keys()


def test_joining_by_hand_tears_no_story_apart() -> None:
    """What is joined by hand says nothing about what is alike: each story brings all its versions along."""
    quay = [known(EN + "a", *QUAY), known(FR + "a2", *QUAY[:4], day=1)]
    leith = ("org:Port of Leith", "place:Leith", "gpus:640:gpu", "power:3:MW")
    port = [known(f"{site}b{n}", *leith, day=2 + n) for n, site in enumerate((EN, FR, JA))]
    members = [*quay, *port]
    assert sorted(map(len, partition(members))) == [2, 3]
    pair = [(quay[0].url, port[0].url)]
    for order in permutations(members):
        assert len(set(regroup(order, together=pair).values())) == 1
    apart = [(quay[1].url, k.url) for k in (quay[0], *port)]
    named = regroup(members, together=pair, apart=apart)
    assert sorted(map(len, groups(named))) == [1, 4]
    assert [url for url in named if list(named.values()).count(named[url]) == 1] == [quay[1].url]


def everywhere(recent: Recent) -> Likeness:
    return Likeness(recent, (0, 4_000_000))


@pytest.mark.parametrize("seed", range(12))
def test_whoever_is_left_aside_would_not_have_joined(seed: int) -> None:
    """Only articles that share a rare name or figure are compared; all others would have had too little in common."""
    members = random_window(seed, size=90)
    recent = Recent(members)
    likeness = everywhere(recent)
    found = {(join.one, join.other) for join in likeness.joins(recent) if join.rank == BY_KEYS}
    compared = {
        (a.url, b.url): likeness._compare(a, b)
        for a, b in combinations(sorted(members, key=lambda k: k.url), 2)
        if likeness.related(a.url, b.url)
    }
    assert found == {pair for pair, join in compared.items() if join}
    assert found


@pytest.mark.parametrize("seed", range(6))
def test_what_is_linked_to_an_article_is_linked_to_nothing_else(seed: int) -> None:
    members = random_window(seed, size=90)
    named = regroup(members)
    recent = Recent(k._replace(story=named[k.url]) for k in members)
    likeness = everywhere(recent)
    joins = likeness.joins(recent)
    for new in members:
        linked = likeness.linked(new.url, ())
        assert all((join.one in linked) == (join.other in linked) for join in joins)


@pytest.mark.parametrize("seed", range(6))
def test_among_many_most_are_left_as_they_are_and_judged_afresh_now_and_then(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = random_window(seed, size=200)
    order = random.Random(seed).sample(range(len(members)), len(members))
    expected = partition(members)
    between, whole = pairs(groups(arrival(members, order))), pairs(expected)
    assert len(between ^ whole) <= 0.06 * len(whole)
    monkeypatch.setattr(grouping, "_SHARE", 1)  # all are, when the last one comes
    assert groups(arrival(members, order)) == expected


def pairs(stories: set[frozenset[str]]) -> set[tuple[str, ...]]:
    """Every two articles that share a story."""
    return {pair for story in stories for pair in combinations(sorted(story), 2)}
