"""The ledger: what was promised, how much, by whom, where and by when. Does no input or output.

`commitments` reads one story, `repeats` says which of them say again what an
earlier story said, `due` finds the date that a sentence sets.
"""

from presswatch.ledger.commitments import Commitment, commitments
from presswatch.ledger.repeats import repeats

__all__ = ["Commitment", "commitments", "repeats"]
