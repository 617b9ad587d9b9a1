"""Disputed numbers: ranges that can be read, added, pooled and questioned. Frames in, frames and ranges out."""

from __future__ import annotations

from conflictkit.estimates._figures import everybody as everybody
from conflictkit.estimates._grades import graded as graded
from conflictkit.estimates.audit import audit_estimates as audit_estimates
from conflictkit.estimates.listing import estimates_table as estimates_table
from conflictkit.estimates.pool import Pool as Pool
from conflictkit.estimates.pool import pool_estimates as pool_estimates
from conflictkit.estimates.select import select_estimates as select_estimates
from conflictkit.estimates.sums import sum_ranges as sum_ranges
from conflictkit.estimates.words import range_from_words as range_from_words
