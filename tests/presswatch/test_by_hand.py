"""Stories joined and parted by hand, on each engine: at once, in later runs, with late articles, and taken back."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.knowledge import Knowledge
from presswatch import by_hand, jobs, settings
from presswatch.errors import UsageError
from presswatch.models import Candidate
from presswatch.services import Services
from presswatch.store.records import PageDraft, content_hash

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
BLOG, FRENCH = "https://blogs.nvidia.com/blog/", "https://blogs.nvidia.fr/"
QUAY = "Tidewater Grid will install 4,096 NVIDIA GPUs for AI in Grimsby. The site draws 12 MW and costs £310 million."
QUAI = "Tidewater Grid installera 4 096 GPU NVIDIA pour l’IA à Grimsby. Le site coûte 310 millions de livres (12 MW)."
LEITH = "Harl Robotics of Leith will train 75 warehouse robots with NVIDIA Isaac for £9 million, a first for Scotland."


pytestmark = pytest.mark.xdist_group("by hand")  # the knowledge is compiled once


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    with Services(settings.load(None, tmp_path_factory.mktemp("data"), {})) as opened:
        return opened.knowledge


@pytest.fixture
def services(store_url: str, tmp_path: Path, knowledge: Knowledge) -> Iterator[Services]:
    chosen = settings.load(None, tmp_path / "data", {"PRESSWATCH_DATABASE_URL": store_url})
    with Services(chosen) as opened:
        opened.knowledge = knowledge
        yield opened


def publish(services: Services, url: str, title: str, text: str, *, day: float = 0, language: str = "en") -> str:
    """A post comes by a feed that carries its whole text, and is judged."""
    html = f"<p>{text}</p><p>More about accelerated computing and artificial intelligence will follow.</p>"
    published = T0 + day * DAY
    candidate = Candidate(
        url=url, source="blog", via="feed", title=title, language=language, published_at=published, content_html=html
    )
    draft = PageDraft(
        url=url,
        source="blog",
        fetched_at=published,
        status=200,
        final_url=url,
        content_type="text/html",
        content_hash=content_hash(html),
        via="feed",
        candidate=candidate,
        source_language=language,
    )
    assert services.store.pages.add(draft) is not None
    assert not jobs.process(services, published).failed
    return url


def stories(services: Services, *urls: str) -> list[list[str]]:
    """The stories of these articles by their members' last words, in order."""
    found = {}
    for url in urls:
        story = services.store.stories.of(url)
        assert story is not None
        found[story.id] = sorted(version.article.url.rpartition("/")[2] for version in story.versions)
    return sorted(found.values())


def judged_again(services: Services, urls: Sequence[str]) -> list[list[str]]:
    assert not jobs.reprocess(services, None, T0 + 90 * DAY).failed
    return stories(services, *urls)


@pytest.fixture
def posts(services: Services) -> tuple[str, str, str]:
    """One piece of news in two languages, and another one."""
    return (
        publish(services, BLOG + "quay", "AI Comes to the Quay at Grimsby", QUAY),
        publish(services, FRENCH + "quai", "Sur le quai de Grimsby, l’IA", QUAI, day=2, language="fr"),
        publish(services, BLOG + "leith", "Robots Learn in Leith", LEITH, day=3),
    )


def test_what_is_joined_stays_joined_and_can_be_parted_again(services: Services, posts: tuple[str, str, str]) -> None:
    quay, quai, leith = posts
    assert stories(services, *posts) == [["leith"], ["quai", "quay"]]
    own = services.store.stories.of(leith)
    mended = by_hand.merge(services, [quai, leith], T0 + 4 * DAY)
    assert len(mended.story.versions) == 3
    assert stories(services, *posts) == judged_again(services, posts) == [["leith", "quai", "quay"]]
    assert own is not None
    assert services.store.stories.get(own.id) == services.store.stories.of(quay)  # the old id still leads there
    mended = by_hand.split(services, [leith], T0 + 5 * DAY)
    assert stories(services, *posts) == judged_again(services, posts) == [["leith"], ["quai", "quay"]]
    # It is the story that it was before, so that what was told of it counts as told.
    assert (mended.story.id, mended.story.first_seen_at) == (own.id, own.first_seen_at)
    assert services.store.by_hand.pairs().together == ()


def test_what_is_parted_stays_parted_and_can_be_joined_again(services: Services, posts: tuple[str, str, str]) -> None:
    quay, quai, _ = posts
    mended = by_hand.split(services, [quai], T0 + 4 * DAY)
    assert mended.left is not None
    assert [v.article.url for v in mended.story.versions] == [quai]
    assert stories(services, quay, quai) == judged_again(services, posts[:2]) == [["quai"], ["quay"]]
    assert services.store.stories.changed(T0 + 4 * DAY, T0 + 5 * DAY) == (mended.story,)  # digests look at it
    by_hand.merge(services, [quay, quai], T0 + 5 * DAY)
    assert stories(services, quay, quai) == judged_again(services, posts[:2]) == [["quai", "quay"]]
    assert services.store.by_hand.pairs().apart == ()


def test_a_late_article_joins_a_story_that_was_joined_by_hand(services: Services, posts: tuple[str, str, str]) -> None:
    quay, _, leith = posts
    story = by_hand.merge(services, [quay, leith], T0 + 4 * DAY).story
    late = publish(services, FRENCH + "leith", "Des robots à Leith", LEITH, day=9)
    found = services.store.stories.of(late)
    assert found is not None
    assert found.id == story.id
    assert len(found.versions) == 4


def test_a_late_article_does_not_tie_what_was_parted(services: Services, posts: tuple[str, str, str]) -> None:
    quay, quai, _ = posts
    by_hand.split(services, [quai], T0 + 4 * DAY)
    late = publish(services, BLOG + "quay-again", "AI Comes to the Quay at Grimsby", QUAY, day=5)
    assert stories(services, quay, quai, late) == [["quai"], ["quay", "quay-again"]]


def test_articles_of_different_seasons_stay_joined_whatever_comes(
    services: Services, posts: tuple[str, str, str]
) -> None:
    old = publish(services, BLOG + "harl", "Harl Robotics Opens in Fife", "Harl Robotics opens in Fife.", day=-200)
    quay, quai, leith = posts
    by_hand.merge(services, [old, leith, quai], T0 + 4 * DAY)
    publish(services, BLOG + "unrelated", "Rings of Trees", "A camera reads the age of trees in Oregon.", day=6)
    expected = [["harl", "leith", "quai", "quay"]]
    assert stories(services, old, *posts) == judged_again(services, [old, *posts]) == expected
    assert quay


def test_an_article_that_moved_keeps_what_was_said_of_it(services: Services, posts: tuple[str, str, str]) -> None:
    quay, quai, leith = posts
    by_hand.merge(services, [quay, leith], T0 + 4 * DAY)
    by_hand.split(services, [quai], T0 + 4 * DAY)
    new = BLOG + "robots-in-leith"
    services.store.pages.moved(leith, new, now=T0 + 5 * DAY)
    expected = [["quai"], ["quay", "robots-in-leith"]]
    assert judged_again(services, [quay, quai, new]) == expected
    assert (quay, new) in services.store.by_hand.pairs().together
    by_hand.split(services, [new], T0 + 6 * DAY)
    assert judged_again(services, [quay, quai, new]) == [["quai"], ["quay"], ["robots-in-leith"]]


def test_several_articles_leave_as_one_story(services: Services, posts: tuple[str, str, str]) -> None:
    quay, quai, leith = posts
    by_hand.merge(services, [quay, leith], T0 + 4 * DAY)
    by_hand.split(services, [quai, leith], T0 + 5 * DAY)
    assert stories(services, *posts) == judged_again(services, posts) == [["leith", "quai"], ["quay"]]


def test_what_cannot_be_mended_is_told_and_changes_nothing(services: Services, posts: tuple[str, str, str]) -> None:
    quay, quai, leith = posts
    for mend, urls, told in (
        (by_hand.merge, [quay, quay], "two articles or more"),
        (by_hand.merge, [quay, BLOG + "nowhere"], "no article of the store"),
        (by_hand.split, [quay, quai], "Nothing would be left"),
        (by_hand.split, [quay, leith], "belong to 2 stories"),
    ):
        with pytest.raises(UsageError, match=told):
            mend(services, urls, T0 + 4 * DAY)
    assert stories(services, *posts) == [["leith"], ["quai", "quay"]]
    assert services.store.by_hand.pairs().together == services.store.by_hand.pairs().apart == ()
