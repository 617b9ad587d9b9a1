"""The pages at the foot: a list by grade, the best first, each a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictkit.html import Markup, join, link, said
from conflictkit.prose import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

NO_GRADE = "Without a grade"
FOLD = Markup("<details{}><summary>{}</summary><ul>{}</ul></details>")
SOURCES = Markup('<section class="ck-graded" aria-label="Sources"><h2>{}</h2>{}</section>')
LINE = Markup("<li>{}</li>")


def by_grade(pages: pd.DataFrame, *, opened: bool = False) -> Markup:
    """Return rows of the table of sources as lists that fold, one a grade.

    Parameters
    ----------
    pages
        As ``cited`` returns them.
    opened
        Whether all can be read at once: few pages, which paper has to have.
    """
    graded = pages.assign(
        grade=pages["reliability"].astype("object").fillna("~"), who=pages["publisher"].fillna(pages["source_id"])
    ).sort_values(["grade", "who", "source_id"], key=lambda cells: cells.str.lower(), kind="stable")
    state, folds = Markup(" open") if opened else Markup(""), []
    for grade, group in graded.groupby("grade", sort=True):
        head = f"{NO_GRADE if grade == '~' else f'Grade {grade}'}: {counted(len(group), 'page')}"
        folds.append(FOLD.format(state, head, join(LINE.format(page_of(page)) for page in group.to_dict("records"))))
    return SOURCES.format(f"Sources: {counted(len(pages), 'page')}, by grade", join(folds))


def page_of(page: Mapping[Any, Any]) -> Markup:
    """Return a page as a link: publisher, day and grade; its id where nothing else is known."""
    told = {key: "" if value is None or value != value else str(value) for key, value in page.items()}  # noqa: PLR0124
    words = " ".join(filter(None, [told.get("publisher") or told["source_id"], told.get("published_date", "")[:10]]))
    words += f" ({told['reliability']})" if told.get("reliability") else ""
    return link(told.get("url"), said(words), bare=True)
