"""What is typed about brands, as plain data between forms and verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Five:
    """五有 of a brand, and its kind."""

    name: str
    kind: str
    theme: str = ""
    concept: str = ""
    meaning: str = ""
    goal: str = ""


@dataclass(frozen=True)
class Task:
    """定名称 定人员 定进度 定措施 定责任."""

    name: str
    owner: str
    due_on: date
    measure: str
    answerable: str
