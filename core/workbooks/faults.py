"""What is wrong with a workbook, in sentences a person can act on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one cell, row or file.

    `row` is the row number as Excel shows it (0: the whole file), `column` the heading as it
    stands in the file, `value` what was typed there, cut and masked where it is sensitive.
    """

    row: int
    column: str
    value: str
    message: str
    hint: str
    letter: str = ""

    @classmethod
    def of(
        cls, row: int, column: str, value: object, error: ValueError, *, letter: str = ""
    ) -> Fault:
        """Make a fault of an error that carries `message` and `hint` (DateError, CodeError)."""
        message = getattr(error, "message", None) or str(error)
        return cls(row, column, shown(value), message, getattr(error, "hint", ""), letter)

    @property
    def text(self) -> str:
        """Return the whole sentence: where, what, and what to do."""
        place = f"第 {self.row} 行" if self.row else ""
        if self.column:
            place += f"「{self.column}」列"
        sentence = "，".join(part for part in (self.message, self.hint) if part)
        return f"{place}：{sentence}" if place else sentence

    def __str__(self) -> str:
        return self.text

    def as_dict(self) -> dict[str, Any]:
        """Return the fault as plain values, for JSON."""
        return asdict(self) | {"text": self.text}


class WorkbookError(Exception):
    """The file as a whole cannot be used; `fault` says why and what to do."""

    def __init__(self, message: str, hint: str) -> None:
        self.fault = Fault(0, "", "", message, hint)
        super().__init__(self.fault.text)


def shown(value: object) -> str:
    """Return a value as it may stand in a message: trimmed, cut to 40 characters."""
    text = "" if value is None else str(value).strip()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
