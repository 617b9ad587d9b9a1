"""What each table must look like, checked all at once."""

from __future__ import annotations

from conflictkit.schema.contracts import CONTRACTS as CONTRACTS
from conflictkit.schema.tables import read_table as read_table
from conflictkit.schema.tables import validate as validate
