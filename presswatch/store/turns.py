"""Whose turn it is to ask a host, for all machines that crawl on one PostgreSQL store.

A turn is a row with an end. Whoever takes it asks once and gives it back; whoever
dies or is cut off loses it at its end, which is later than any answer may take.
So a host never gets two requests at a time, whatever becomes of a worker, and
the pause between two requests holds across workers. All times are the server's.
"""

from datetime import datetime

from sqlalchemy import text

from presswatch.store.database import Database

_TAKE = text("""
    INSERT INTO turns AS t (host, holder, until, free_at)
    VALUES (:host, :holder, clock_timestamp() + :lease * interval '1 second', clock_timestamp())
    ON CONFLICT (host) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE (t.holder IS NULL OR t.until <= clock_timestamp()) AND t.free_at <= clock_timestamp()
    RETURNING host
""")
_WAIT = text("""
    SELECT extract(epoch FROM free_at - clock_timestamp()) AS pause,
           holder IS NOT NULL AND until > clock_timestamp() AS held
    FROM turns WHERE host = :host
""")
_GIVE_BACK = text("""
    UPDATE turns SET holder = NULL, free_at = greatest(free_at, clock_timestamp() + :pause * interval '1 second')
    WHERE host = :host AND holder = :holder
""")
_LEAVE_ALONE = text("""
    INSERT INTO turns AS t (host, until, free_at) VALUES (:host, clock_timestamp(), :free_at)
    ON CONFLICT (host) DO UPDATE SET free_at = greatest(t.free_at, excluded.free_at)
""")
# While another one asks, it is looked this often whether the host is free: its answer usually takes no longer.
_LOOK_AGAIN = 0.2


class Turns:
    """One request at a time to a host, by whichever machine. Only on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, host: str, holder: str, *, lease: float) -> float:
        """Take the turn for `lease` seconds at most: 0.0, or after how many seconds to ask for it again."""
        with self._database.write() as connection:
            if connection.execute(_TAKE, {"host": host, "holder": holder, "lease": lease}).first():
                return 0.0
            row = connection.execute(_WAIT, {"host": host}).one_or_none()
        if row is None:
            return _LOOK_AGAIN
        return max(_LOOK_AGAIN if row.held else 0.01, float(row.pause))

    def give_back(self, host: str, holder: str, *, pause: float) -> None:
        """The answer is there: the next one may ask after `pause` seconds. Does nothing where the turn was lost."""
        with self._database.write() as connection:
            connection.execute(_GIVE_BACK, {"host": host, "holder": holder, "pause": pause})

    def leave_alone(self, host: str, until: datetime) -> None:
        """The host asked for a pause: nobody asks it before `until`."""
        with self._database.write() as connection:
            connection.execute(_LEAVE_ALONE, {"host": host, "free_at": until})
