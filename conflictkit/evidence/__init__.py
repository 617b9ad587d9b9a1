"""What stands against a row: rival reports of a change, and signs of the faults that audits found."""

from conflictkit.evidence._faults import in_words as in_words
from conflictkit.evidence._faults import look_at as look_at
