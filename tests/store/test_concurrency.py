"""Several threads and processes at one store, and processes that die in the middle."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from presswatch.models import Level
from presswatch.store import Store
from tests.store.samples import T0, draft_page, make_outcome

WRITER = """
import sys
from presswatch.store import Store
from tests.store.samples import T0, draft_page, make_outcome
url, name, count = sys.argv[1:]
with Store.open(url) as store:
    print("ready", flush=True)
    for n in range(int(count)):
        address = f"https://{name}.example/{n}"
        page_id = store.pages.add(draft_page(address))
        store.articles.save(make_outcome(page_id, address, story=f"story {n % 3}", text=f"written by {name}"), now=T0)
        print(n, flush=True)
"""


def writer(url: str, name: str, count: int) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", WRITER, url, name, str(count)], stdout=subprocess.PIPE, text=True)


def test_threads_save_at_once(store: Store) -> None:
    def save(number: int) -> None:
        url = f"https://a.example/{number % 10}"
        page_id = store.pages.add(draft_page(url, f"body {number}", fetched_at=T0 + timedelta(minutes=number)))
        assert page_id is not None
        others = (f"story {(number + 1) % 4}",) if number % 5 == 0 else ()
        outcome = make_outcome(page_id, url, story=f"story {number % 4}", text=f"text {number}")
        store.articles.save(replace(outcome, merges=others), now=T0)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(60)))
    versions = list(store.articles.export())
    assert len(versions) == 10
    for version in versions:
        # The newest page wins, in whatever order they were saved.
        newest = store.pages.newest(version.article.url)
        assert newest is not None
        assert store.articles.revisions(version.article.url)[-1].page_id == newest.id
        story = store.stories.get(version.story)
        assert story is not None
        assert story.id == version.story
    assert store.pages.unprocessed(1) == ()


def test_threads_add_one_page_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda n: store.pages.add(draft_page("https://a.example/x", str(n % 2))), range(40)))
        more = list(pool.map(lambda n: store.pages.add(draft_page("https://a.example/y")), range(40)))
    assert sum(one is not None for one in more) == 1
    stored = [one for one in added if one is not None]
    assert len(set(stored)) == len(stored)


def test_processes_save_at_once(store: Store, store_url: str) -> None:
    writers = [writer(store_url, name, 25) for name in ("a", "b")]
    for child in writers:
        with child:
            child.communicate(timeout=60)
        assert child.returncode == 0
    assert len(list(store.articles.export())) == 50
    sizes = [len(story.versions) for story in store.stories.changed(T0, T0 + timedelta(days=1))]
    assert sorted(sizes) == [16, 16, 18]
    assert len(store.search.find("written", limit=99)) == 50


def test_a_process_that_is_killed_leaves_whole_articles(store: Store, store_url: str) -> None:
    for round_number in range(2):
        with writer(store_url, f"round{round_number}", 100_000) as child:
            assert child.stdout is not None
            said = [child.stdout.readline() for _ in range(5)][1:]  # the first one is "ready"
            time.sleep(0.05 + 0.03 * round_number)
            child.kill()
            said += child.stdout.read().split()
        saved = [v for v in store.articles.export() if v.article.url.startswith(f"https://round{round_number}.")]
        # What it said it had stored is there; one more may be.
        assert len(saved) in (len(said), len(said) + 1)
        for version in saved:
            assert (len(version.tags), len(version.facts), version.verdict.level) == (1, 1, Level.FOCUS)
            assert len(store.articles.revisions(version.article.url)) == 1
    assert len(store.pages.unprocessed(10)) <= 3
    assert len(store.search.find("written", limit=99_999)) == len(list(store.articles.export()))


def test_a_reader_waits_for_no_writer(store: Store, store_url: str) -> None:
    with writer(store_url, "busy", 100_000) as child:
        assert child.stdout is not None
        child.stdout.readline()
        slowest = 0.0
        for _ in range(30):
            start = time.perf_counter()
            store.pages.counts()
            slowest = max(slowest, time.perf_counter() - start)
        child.kill()
    assert slowest < 1.0
