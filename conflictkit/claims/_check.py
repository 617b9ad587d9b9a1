"""The claims of one report, each beside what the tables say about it.

One rule for each kind of claim; no verdict is written by hand. What rests on the report itself is no evidence for it:
rows with its ``source_id`` are left out before any rule is applied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from conflictkit.claims._evidence import Claim, Evidence, Finding, claims_of
from conflictkit.claims._rules import OPEN, RULES
from conflictkit.dates import in_words
from conflictkit.deployments._ground import territory_of
from conflictkit.errors import TerritoryError

if TYPE_CHECKING:
    from conflictkit.territory import Territory


def check_claims(claims: pd.DataFrame | None = None, *, territory: Territory | None = None) -> pd.DataFrame:
    """Return a verdict on each claim of a report, with the rows that it follows from.

    Parameters
    ----------
    claims
        Rows of your own, like those of ``load_seed_claims``; by default those of the territory's tables. ``source_id``
        names the report that makes the claim: its rows in other tables are no evidence for it.
    territory
        Who held what, and the tables to look in; ``Territory.from_places()`` by default.

    Returns
    -------
    pandas.DataFrame
        One row per claim, in the order given: ``claim_id``, ``kind``, ``exact_words``, ``verdict`` (agrees, differs,
        cannot be checked), ``evidence`` (a text made from table rows), ``source_ids`` (joined with ``;``).

    Raises
    ------
    TableError
        With every problem of the claims passed: a kind without a rule, a place or an actor that is in no table.
    TerritoryError
        If the territory is one of drawings, which do not say who holds a place.

    Notes
    -----
    The rule of each kind, on the last day of the day, month or year that the claim is about; a claim about days that
    the tables do not cover cannot be checked:

    - control: the holder of the place, of its parts, or of the listed place on the same spot. A share of a country is
      held against the largest claimed share in that period, within 5 points; a number of towns against the listed
      towns that the subject holds.
    - loss: a change from the subject in the period, at the place or at every part of it.
    - estimate: agrees if the figure of another source for the same place within 92 days overlaps the range. Words
      without a number cannot be checked; the evidence is the figures nearest in time.
    - deployment: agrees if the force or a part of it is reported in the country, or within 15 km of the place, with a
      known end or at most 92 days before. What it did there is not checked. Without such a row the claim is open,
      since the tables do not list every force.
    - distance: from the nearest listed place that the subject's side holds, within a fifth. A force can stand ahead
      of that place, so a claim that is nearer is open; one that is farther differs.
    - statement: open; the evidence is who holds the place, and its next change.

    Examples
    --------
    >>> verdicts = check_claims().set_index("claim_id")["verdict"]
    >>> verdicts[["SC07", "SC01", "SC14"]].tolist()
    ['agrees', 'differs', 'cannot be checked']
    """
    model = territory_of(territory)
    if not model.has_places:
        msg = "check_claims needs places with their holders, which drawings lack: give one of Territory.from_places()."
        raise TerritoryError(msg)
    tables = model.tables
    table = tables.seed_claims if claims is None else tables.replace(seed_claims=claims).seed_claims
    reports = [None if pd.isna(source) else str(source) for source in table["source_id"]]
    evidence = {report: Evidence.without(report, model) for report in dict.fromkeys(reports)}
    findings = [
        _finding(claim, evidence[report]) for claim, report in zip(claims_of(table, tables), reports, strict=True)
    ]
    cited = [sorted({source for source in finding.source_ids if isinstance(source, str)}) for finding in findings]
    verdicts = {
        "verdict": pd.array([finding.verdict for finding in findings], dtype="str"),
        "evidence": pd.array([finding.text for finding in findings], dtype="str"),
        "source_ids": pd.array([";".join(sources) for sources in cited], dtype="str"),
    }
    found = table[["claim_id", "kind", "exact_words"]].assign(**verdicts)
    found.attrs = {}
    return found


def _finding(claim: Claim, evidence: Evidence) -> Finding:
    """Return what the tables say about a claim; nothing where it is about days that they do not cover."""
    first, last = evidence.tables.covers
    if first <= claim.day <= last:
        return RULES[claim.kind](claim, evidence)
    covered = f"the tables answer for {in_words(first)} to {in_words(last)}"
    return Finding(OPEN, f"The claim is about {in_words(claim.day)}, but {covered}.")
