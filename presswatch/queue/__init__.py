"""Several machines on one PostgreSQL store: a leader hands out what is due, workers do it.

The queue is procrastinate's. It may give a job to a second worker where the first
one seems dead and is not; nothing rests on a job running once. What must not
happen twice is kept from it by the store: a page, an edition and a delivery by
their rows, a request to a host by its turn.
"""
