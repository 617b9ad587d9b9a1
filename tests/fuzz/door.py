"""What is fuzzed, and how it is counted: each door is asked with inputs of one kind, and must take or refuse them."""

from __future__ import annotations

import signal
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import HealthCheck, Phase, given, seed, settings

from conflictkit.errors import ConflictkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import SearchStrategy

HANGS_S = 20  # an input that takes longer is one on which the kit hangs
CHUNK = 1000  # inputs that one run of hypothesis makes up; it slows down with what it remembers
KEPT = 20  # failures of a door whose input is kept
MESSAGE = 6000  # letters of an error that is no longer a message

# As many as asked for, new ones with each seed, none of them made smaller: what fails is kept as it is.
settings.register_profile(
    "fuzz",
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


@dataclass(frozen=True)
class Door:
    """One way into the kit.

    Attributes
    ----------
    name
        ``group: what``, such as ``tables: validate``.
    inputs
        What it is asked with.
    ask
        Asks it; raises an error of the kit where the input is refused, and AssertionError where what came out is not
        what went in.
    weight
        Its share of all inputs, relative to the others.
    """

    name: str
    inputs: SearchStrategy[Any]
    ask: Callable[[Any], object]
    weight: float = 1.0


@dataclass
class Count:
    """What became of the inputs of a door."""

    door: Door
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def tried(self) -> int:
        """How many inputs there were."""
        return self.outcomes.total()

    def note(self, outcome: str, given_input: object = None) -> None:
        """Count an input; keep the first of those that neither went in nor were refused."""
        self.outcomes[outcome] += 1
        if outcome in {"crashed", "hung", "wrong"} and len(self.failures) < KEPT:
            self.failures.append(f"{outcome}\n{_shown(given_input)}\n{traceback.format_exc()}")


class Hung(BaseException):
    """The time is up. No ``Exception``, so that nobody catches it on the way."""


def run(door: Door, inputs: int, first_seed: int) -> Count:
    """Ask a door with so many inputs, and count what becomes of them."""
    count, start = Count(door), time.process_time()

    def ask(value: object) -> None:
        try:
            with alarm(HANGS_S):
                door.ask(value)
        except ConflictkitError as refused:
            count.note("refused" if len(str(refused)) <= MESSAGE else "wrong", value)
        except Hung:
            count.note("hung", value)
        except AssertionError:
            count.note("wrong", value)
        except Exception:  # noqa: BLE001 - what is looked for
            count.note("crashed", value)
        else:
            count.note("accepted")

    part = 0
    while (left := inputs - count.tried) > 0:
        before = count.tried
        told = settings(settings.get_profile("fuzz"), max_examples=min(left, CHUNK))
        seed(first_seed + part)(told(given(door.inputs)(ask)))()
        part += 1
        if count.tried == before:
            break
    count.seconds = time.process_time() - start
    return count


@contextmanager
def alarm(seconds: int) -> Iterator[None]:
    """Raise ``Hung`` after so many seconds."""

    def ring(*_: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _shown(value: object, most: int = 4000) -> str:
    try:
        text = value.to_string() if isinstance(value, pd.DataFrame) else repr(value)
    except Exception:  # noqa: BLE001 - an object of anybody's, which cannot say what it is
        return f"a {type(value).__name__}"
    return text if len(text) <= most else f"{text[:most]}..."
