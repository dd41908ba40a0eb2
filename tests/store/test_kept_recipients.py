"""The upgrade that takes secrets out of the deliveries of an earlier store, on both engines."""

import importlib
from datetime import timedelta

from sqlalchemy import text

from presswatch import recipients
from presswatch.store import Store
from presswatch.store.database import Database
from tests.store.samples import T0, make_draft

EARLIER = ["slack://T1/B2/planted", "mailto://me:planted@e.example", "mailto:jo@e.example", "file:digests", "nothing"]


def as_an_earlier_version_left_it(url: str) -> None:
    """Recipients in the clear, under the schema before."""
    with Store.open(url) as store:
        store.digests.save(make_draft(), [f"mailto:{n}@e.example" for n in range(len(EARLIER))], now=T0)
    database = Database(url)
    with database.write() as connection:
        for number, recipient in enumerate(EARLIER):
            change = text("UPDATE deliveries SET recipient = :new WHERE recipient = :old")
            connection.execute(change, {"new": recipient, "old": f"mailto:{number}@e.example"})
    migration = importlib.import_module("presswatch.store.migrations.versions.0005_kept_recipients")
    with database.write() as connection:
        import alembic.operations
        from alembic.migration import MigrationContext

        with alembic.operations.Operations.context(MigrationContext.configure(connection)):
            migration.upgrade()
            migration.upgrade()  # a second time changes nothing
    database.close()


def test_secrets_give_way_and_deliveries_still_find_their_address(store_url: str) -> None:
    as_an_earlier_version_left_it(store_url)
    with Store.open(store_url) as store:
        kept = [one.recipient for one in store.digests.due_deliveries(T0 + timedelta(days=1))]
    assert kept == [recipients.kept(recipient) for recipient in EARLIER]
    assert "planted" not in str(kept)
    addresses = recipients.by_kept_form(["${CHAT}"], {"CHAT": EARLIER[0]})
    assert addresses[kept[0]] == EARLIER[0], "a delivery that waited through the upgrade is still sent"
