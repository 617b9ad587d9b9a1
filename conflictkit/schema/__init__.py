"""What each table must look like, checked all at once; here stands what other rooms use of it."""

from __future__ import annotations

from conflictkit.schema._cells import read as read
from conflictkit.schema._checks import HEADER as HEADER
from conflictkit.schema._checks import Beside as Beside
from conflictkit.schema._checks import Keys as Keys
from conflictkit.schema._checks import check as check
from conflictkit.schema._checks import empty as empty
from conflictkit.schema._contracts import CONTRACTS as CONTRACTS
from conflictkit.schema._contracts import Column as Column
from conflictkit.schema._contracts import Contract as Contract
from conflictkit.schema._lands import Lands as Lands
from conflictkit.schema._lands import shipped_lands as shipped_lands
from conflictkit.schema._references import JOIN as JOIN
from conflictkit.schema._references import REJECTED as REJECTED
from conflictkit.schema._references import row_keys as row_keys
from conflictkit.schema._references import texts_of as texts_of
from conflictkit.schema._references import without_hanging as without_hanging
from conflictkit.schema._rules import Problem as Problem
from conflictkit.schema._rules import flag as flag
from conflictkit.schema._vocabulary import CONFIDENCE as CONFIDENCE
from conflictkit.schema._vocabulary import CROWD as CROWD
from conflictkit.schema._vocabulary import EVENT_DATE_PREC as EVENT_DATE_PREC
from conflictkit.schema._vocabulary import EVENT_FLAGS as EVENT_FLAGS
from conflictkit.schema._vocabulary import EVENT_WHERE_PREC as EVENT_WHERE_PREC
from conflictkit.schema._vocabulary import FLOWS as FLOWS
from conflictkit.schema._vocabulary import RELIABILITY as RELIABILITY
from conflictkit.schema._vocabulary import SINCE_BASELINE as SINCE_BASELINE
from conflictkit.schema._vocabulary import WHERE_PREC as WHERE_PREC
from conflictkit.schema.tables import read_table as read_table
from conflictkit.schema.tables import refusal as refusal
from conflictkit.schema.tables import typed as typed
from conflictkit.schema.tables import validate as validate
