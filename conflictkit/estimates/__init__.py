"""Disputed numbers: ranges that can be read, added, pooled and questioned. Frames in, frames and ranges out."""

from __future__ import annotations

from conflictkit.estimates.audit import audit_estimates as audit_estimates
from conflictkit.estimates.intake import sift_estimates as sift_estimates
from conflictkit.estimates.interest import against_interest as against_interest
from conflictkit.estimates.interest import drop_self_interested as drop_self_interested
from conflictkit.estimates.interest import grade as grade
from conflictkit.estimates.interest import known_on as known_on
from conflictkit.estimates.interest import min_reliability as min_reliability
from conflictkit.estimates.listing import estimates_table as estimates_table
from conflictkit.estimates.pool import Pool as Pool
from conflictkit.estimates.pool import pool_estimates as pool_estimates
from conflictkit.estimates.ranges import Range as Range
from conflictkit.estimates.sums import sum_ranges as sum_ranges
from conflictkit.estimates.words import range_from_words as range_from_words
