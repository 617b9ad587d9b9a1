"""What a reader repaired and what it set aside: nothing that a user brought is dropped in silence."""

from __future__ import annotations


class Log:
    """What was repaired and what was set aside, each with file, feature and reason."""

    def __init__(self) -> None:
        """Start with nothing to report."""
        self.repaired: list[dict[str, object]] = []
        self.rejected: list[dict[str, object]] = []

    def repair(self, file: str, feature: int | None, reason: str) -> None:
        """Note what was mended."""
        self.repaired.append({"file": file, "feature": feature, "reason": reason})

    def reject(self, file: str, feature: int | None, reason: str) -> None:
        """Note what was set aside."""
        self.rejected.append({"file": file, "feature": feature, "reason": reason})

    def first(self) -> str:
        """Return the first thing set aside, in words."""
        entry = self.rejected[0]
        where = "" if entry["feature"] is None else f", feature {entry['feature']}"
        return f"{entry['file']}{where}: {entry['reason']}"
