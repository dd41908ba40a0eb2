"""Who has signed in, and which tokens there are. Only hashes are kept: a copy of the store opens nothing."""

from datetime import datetime

from sqlalchemy import delete, select, update

from presswatch.errors import StoreError
from presswatch.store import tables
from presswatch.store.database import Database
from presswatch.store.records import Session, Token


class AccessKeys:
    """Queries about sessions and tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, session: Session, *, now: datetime) -> None:
        """Remember a sign-in, and forget those that are over."""
        table = tables.sessions
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.expires_at <= now))
            connection.execute(table.insert().values({name: getattr(session, name) for name in Session.__slots__}))

    def session(self, key: str, *, now: datetime) -> Session | None:
        """The session whose hash this is, unless it is over."""
        table = tables.sessions
        with self._database.read() as connection:
            query = select(table).where(table.c.key == key, table.c.expires_at > now)
            row = connection.execute(query).one_or_none()
        return None if row is None else Session(**row._mapping)

    def end(self, key: str) -> None:
        """Sign out: the session is worth nothing any more."""
        with self._database.write() as connection:
            connection.execute(delete(tables.sessions).where(tables.sessions.c.key == key))

    def end_all(self) -> int:
        """Sign everybody out; returns how many sessions there were."""
        with self._database.write() as connection:
            return connection.execute(delete(tables.sessions)).rowcount

    def add_token(self, token: Token) -> Token:
        """Remember a new token; returns it with its number. Raises `StoreError` where a valid one has its name."""
        table = tables.tokens
        with self._database.write(hold="tokens") as connection:
            same = select(table.c.id).where(table.c.name == token.name, table.c.revoked_at.is_(None))
            if connection.scalar(same) is not None:
                raise StoreError(f"There is a token named {token.name!r} already. Revoke it first, or choose another.")
            values = {name: getattr(token, name) for name in Token.__slots__ if name != "id"}
            row = connection.execute(table.insert().values(values).returning(*table.c)).one()
        return Token(**row._mapping)

    def token(self, key: str) -> Token | None:
        """The token whose hash this is, unless it was revoked."""
        table = tables.tokens
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.key == key, table.c.revoked_at.is_(None)))
            found = row.one_or_none()
        return None if found is None else Token(**found._mapping)

    def tokens(self) -> tuple[Token, ...]:
        """Every token that was ever made, the revoked ones too, in the order of their making."""
        with self._database.read() as connection:
            rows = connection.execute(select(tables.tokens).order_by(tables.tokens.c.id))
            return tuple(Token(**row._mapping) for row in rows)

    def revoke(self, name: str, *, now: datetime) -> Token:
        """Make a token worthless; raises `StoreError` where there is none of this name."""
        table = tables.tokens
        here = update(table).where(table.c.name == name, table.c.revoked_at.is_(None)).values(revoked_at=now)
        with self._database.write() as connection:
            row = connection.execute(here.returning(*table.c)).one_or_none()
        if row is None:
            raise StoreError(f"There is no valid token named {name!r}. See: presswatch token list")
        return Token(**row._mapping)
