"""How a verb says no: one Chinese sentence that says what to do."""

from __future__ import annotations

from typing import Literal

# invalid: what was given must be changed (422) · conflict: somebody was faster, or the thing is
# in another state by now (409) · forbidden: not his to do (403).
RefusalCode = Literal["invalid", "conflict", "forbidden"]

STATUS: dict[RefusalCode, int] = {"invalid": 422, "conflict": 409, "forbidden": 403}


class Refusal(Exception):
    """A write that a service did not do; nothing was changed.

    ``message`` is shown as it is, at ``field`` when one is named, else above the form. Pages, admin
    actions, imports and the API all turn it into their own kind of answer.
    """

    def __init__(self, message: str, *, field: str = "", code: RefusalCode = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code: RefusalCode = code

    @property
    def status(self) -> int:
        """The status of an HTTP answer."""
        return STATUS[self.code]
