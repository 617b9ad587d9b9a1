"""Bars of events and of their dead: heights, colours, and what the caption owns up to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from synthetic import events_of

import conflictkit as ck

QAIM = (34.37, 41.1)


def told(**columns: object) -> pd.DataFrame:
    """Return four events in two months and one without a day."""
    days = ["2017-10-03", "2017-10-31", "2017-12-01", "2017-12-02", None]
    rows = [(day, *QAIM, dead) for day, dead in zip(days, [2, 3, None, 5, 1], strict=True)]
    return events_of(*rows, event_type=["battle", "strike", "battle", "battle", None], dataset="Ours", **columns)


def heights(ax: object) -> list[tuple[float, float]]:
    """Return bottom and height of each bar."""
    return [(bar.get_y(), bar.get_height()) for bar in ax.patches]  # type: ignore[attr-defined]


def test_bars_add_up() -> None:
    """Stacked by kind, the largest first; deaths with the range of low and high; undated events are told."""
    ax = ck.plot_events(told())
    events, dead = ax.child_axes
    assert heights(events) == [(0, 1), (0, 2), (1, 1), (2, 0)]
    assert heights(dead) == [(0, 5), (0, 5)]
    (lines,) = dead.collections
    assert [np.asarray(line)[:, 1].tolist() for line in lines.get_segments()] == [[5, 7], [5, 6]]
    assert ax.get_title(loc="left") == "5 events from 3 October 2017 to 2 December 2017, by event type"
    caption = " ".join(text.get_text() for text in ax.texts).replace("\n", " ")
    assert "Events of Ours" in caption
    assert "1 event without a day not drawn" in caption
    assert "1 event without a figure of deaths" in caption


def test_without_figures_of_deaths_there_is_one_panel() -> None:
    """As with GDELT and the strikes."""
    ax = ck.plot_events(told(best=np.nan, low=np.nan, high=np.nan))
    assert ax.child_axes == []
    assert ax.get_ylabel() == "Events a month"


@pytest.mark.slow
def test_actors_have_their_own_colours_and_names() -> None:
    """Ids of the table of actors; more than six other values are drawn as one."""
    ax = ck.plot_events(told(actor1_id=["isis", "isis", "sdf", "sdf", "sdf"]), by="actor1_id")
    colors = {to_hex(bar.get_facecolor()) for bar in ax.child_axes[0].patches}
    actors = ck.load_actors().set_index("actor_id")
    assert colors == {actors.loc[name, "color"].lower() for name in ("isis", "sdf")}
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names[:2] == [actors.loc[name, "name"] for name in ("isis", "sdf")]
    many = events_of(*[("2017-10-03", *QAIM, 1)] * 9, event_type=list("abcdefghi"))
    names = [text.get_text() for text in ck.plot_events(many).get_legend().get_texts()]
    assert names[:7] == ["a", "b", "c", "d", "e", "f", "other"]


def test_events_of_a_month_are_told() -> None:
    """A few of them can make a bar."""
    events = told(date_prec=["month", "day", "day", "day", "day"])
    caption = " ".join(text.get_text() for text in ck.plot_events(events).texts).replace("\n", " ")
    assert "1 event dated to a month or more, 2 deaths in them, stand in the bar of their first day" in caption


def test_what_cannot_be_drawn_is_refused() -> None:
    """No row, no day, no such column or frequency; the events stay as they are."""
    events = told()
    before = events.copy()
    ck.plot_events(events)
    pd.testing.assert_frame_equal(events, before)
    with pytest.raises(ck.TableError, match="No rows"):
        ck.plot_events(events.iloc[:0])
    with pytest.raises(ck.TableError, match="No event has a day"):
        ck.plot_events(events.iloc[4:])
    with pytest.raises(ck.TableError, match="lacks side"):
        ck.plot_events(events, by="side")
    with pytest.raises(ck.UnknownNameError, match="freq"):
        ck.plot_events(events, freq="M")


def test_pages_of_the_kits_own_events_are_counted() -> None:
    """Each once, in the caption; a file of others names its data set instead."""
    events = ck.load_events()
    pages = f"Sources: {events['source_id'].nunique()} pages by"
    assert pages in " ".join(text.get_text() for text in ck.plot_events(events).texts).replace("\n", " ")
    assert "Sources:" not in " ".join(text.get_text() for text in ck.plot_events(told()).texts)
