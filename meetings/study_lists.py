"""The district's list of texts; as a workbook out, and in again with every fault named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core import signing

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.errors import Refusal
from core.workbooks import Column, Fault, Source, WorkbookError, read_table, stream_rows
from meetings.enums.study import TextKind
from meetings.models import StudyPhase, StudyText
from meetings.services.study import TextEntry, clean

HEAD = ("篇目", "类型", "阶段", "章节或页码", "说明", "在用")
MOST_ROWS = 500
_SALT = "meetings.study_list"
_AN_HOUR = 3600
_COLUMNS = (
    Column(key="title", title="篇目", synonyms=("学习篇目", "学习内容", "书目", "标题"),
           required=True, filled=True),
    Column(key="phase", title="阶段", synonyms=("建议阶段", "学习阶段", "季度"),
           required=True, filled=True),
    Column(key="kind", title="类型", synonyms=("类别",)),
    Column(key="pages", title="章节或页码", synonyms=("章节", "页码", "页数")),
    Column(key="description", title="说明", synonyms=("备注", "要求")),
)  # fmt: skip
_KINDS = {str(kind.label): kind.value for kind in TextKind}


def phases_of(district: Unit, year: int) -> ScopedQuerySet[Any]:
    """The phases of a district's year in order."""
    rows: ScopedQuerySet[Any] = StudyPhase.objects.within(district)
    return rows.filter(unit=district, year=year).order_by("starts_on")


def texts_of(district: Unit, year: int) -> ScopedQuerySet[Any]:
    """The texts of a district's year, by phase."""
    rows: ScopedQuerySet[Any] = StudyText.objects.within(district)
    found = rows.filter(unit=district, year=year).select_related("phase")
    return found.order_by("phase__starts_on", "pk")


@dataclass(frozen=True)
class PhaseTexts:
    """A phase with its texts."""

    phase: StudyPhase
    texts: Sequence[StudyText]


def by_phase(district: Unit, year: int) -> list[PhaseTexts]:
    """The list as it is looked at: two questions."""
    listed: dict[int, list[StudyText]] = {}
    for text in texts_of(district, year):
        listed.setdefault(text.phase_id, []).append(text)
    return [PhaseTexts(phase, listed.get(phase.pk, [])) for phase in phases_of(district, year)]


# --- The workbook --------------------------------------------------------------------------------


@dataclass
class Checked:
    """What a workbook says: entries, or the faults that keep it out."""

    entries: list[TextEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sealed(self) -> str:
        """The entries, for the page to send back when they are agreed to."""
        return signing.dumps([asdict(entry) for entry in self.entries], salt=_SALT, compress=True)


def unsealed(text: str) -> list[TextEntry]:
    """The entries that a preview was shown for. Raises Refusal: changed, or an hour old."""
    try:
        rows = signing.loads(text, salt=_SALT, max_age=_AN_HOUR)
    except signing.BadSignature:
        raise Refusal("预览已过期，请重新上传表格。", code="conflict") from None
    return [TextEntry(**row) for row in rows]


def check(source: Source, phases: Iterable[StudyPhase]) -> Checked:
    """Read a workbook and check every row; nothing is written."""
    try:
        table = read_table(source, columns=_COLUMNS)
    except WorkbookError as error:
        return Checked(faults=[error.fault])
    by_name = {phase.name: phase.pk for phase in phases}
    found = Checked(notes=list(table.notes))
    if len(table.rows) > MOST_ROWS:
        words = (f"共 {len(table.rows)} 行", f"一年的清单最多 {MOST_ROWS} 篇")
        return Checked(faults=[Fault(0, "", "", *words)])
    seen: dict[str, int] = {}
    for row, values, faults in table.parsed():
        entry, problem = _entry({key: str(value or "") for key, value in values.items()}, by_name)
        if entry is not None and entry.title in seen:
            problem = ("title", f"与第 {seen[entry.title]} 行重复", "请删去一行")
        said = faults or ([table.fault(row, *problem)] if problem else [])
        found.faults += said
        if entry is not None and not said:
            seen[entry.title] = row.number
            found.entries.append(entry)
    return found


def _entry(
    texts: Mapping[str, str], phases: Mapping[str, int]
) -> tuple[TextEntry | None, tuple[str, str, str] | None]:
    """An entry, or (column, what is wrong, what to do)."""
    names = "、".join(phases)
    if texts.get("phase", "") not in phases:
        return None, ("phase", "没有这个阶段", f"可写：{names}")
    kind = texts.get("kind", "")
    if kind and kind not in _KINDS:
        return None, ("kind", "没有这个类型", f"可写：{'、'.join(_KINDS)}")
    for key, longest in (("title", 100), ("pages", 60), ("description", 300)):
        try:
            clean(texts.get(key, ""), longest=longest, what="这一格", field=key)
        except Refusal as refusal:
            return None, (key, refusal.message, "")
    entry = TextEntry(
        title=texts["title"],
        kind=_KINDS.get(kind, TextKind.OTHER.value),
        phase_id=phases[texts["phase"]],
        pages=texts.get("pages", ""),
        description=texts.get("description", ""),
    )
    return entry, None


def workbook(texts: Iterable[StudyText], *, cover: Mapping[str, object]) -> Iterator[bytes]:
    """The list in the columns that the import reads."""
    rows = (
        (
            text.title,
            text.get_kind_display(),
            text.phase.name,
            text.pages,
            text.description,
            "是" if text.is_active else "否",
        )
        for text in texts
    )
    return iter(stream_rows(HEAD, rows, cover=cover, sheet="学习清单"))
