"""Invented figures for the style guide: every part of a page in every state."""

from __future__ import annotations

from typing import Any

from django import forms

from core.models import Job
from core.pages import Cell, Page, Plot, Series

COMMITTEES = ["城关街道党工委", "东岗街道党工委", "西园街道党工委", "区教育局党委", "区国资委党委"]
MONTHS = ["7月", "8月", "9月", "10月", "11月"]
REASONS = [("sick", "病假"), ("leave", "事假"), ("away", "出差"), ("drifting", "流动在外")]
PEOPLE = ["王建国", "李秀英", "张伟", "刘洋", "陈静", "杨帆", "赵敏", "黄磊", "周涛", "吴小梅"]


class SampleForm(forms.Form):
    """One field of each kind."""

    kind = forms.ChoiceField(
        label="会议种类",
        widget=forms.RadioSelect,
        choices=[("branch", "支部党员大会"), ("committee", "支委会"), ("lecture", "党课")],
    )
    held_on = forms.DateField(label="开会日期", widget=forms.DateInput)
    place = forms.CharField(label="地点", initial="社区党群服务中心二楼")
    fee = forms.DecimalField(label="当月应交党费", help_text="按工资收入的比例计算。")
    chair = forms.ChoiceField(label="主持人", choices=[(name, name) for name in PEOPLE])
    topic = forms.CharField(label="议题", max_length=40)
    minutes = forms.CharField(label="会议记录", widget=forms.Textarea, required=False)
    photo = forms.FileField(
        label="照片", required=False, help_text="可以连选几张，每张 10 兆以内。"
    )
    joint = forms.BooleanField(label="与固定组织生活日合开", required=False)


class SampleFilter(forms.Form):
    """What a list is usually narrowed by."""

    q = forms.CharField(label="名称", required=False)
    field = forms.ChoiceField(
        label="领域",
        required=False,
        choices=[("", "全部"), ("street", "街道"), ("village", "农村")],
    )
    month = forms.ChoiceField(label="月份", required=False, choices=[("", "全部"), ("11", "11月")])


def context(*, wrong: bool = True) -> dict[str, Any]:
    """Template context of core/styleguide.html; `wrong` shows the form with its errors."""
    sent = {
        "kind": "branch",
        "held_on": "2026-11-03",
        "topic": "",
        "fee": "十二元",
        "place": "社区党群服务中心二楼",
        "chair": "李秀英",
    }
    form = SampleForm(sent if wrong else None)
    return {
        "form": form,
        "filter": SampleFilter({"field": "street"}, auto_id="filter_%s"),
        "people": [
            {
                "id": i,
                "name": name,
                "note": "书记" if i == 1 else "",
                "present": i not in (3, 7),
                "reason": {3: "sick"}.get(i, ""),
            }
            for i, name in enumerate(PEOPLE, 1)
        ],
        "reasons": REASONS,
        "page": Page(rows=_rows(), number=2, more=True),
        "job": Job(
            title="导入党员名册",
            state="running",
            done=18_240,
            total=50_000,
            message="正在核对第 18240 行",
        ),
        "finished": Job(
            title="计算三季度考核",
            state="done",
            done=3_000,
            total=3_000,
            message="3000 个党支部，用时 4 秒",
        ),
        **plots(),
    }


def _rows() -> list[dict[str, Any]]:
    states = [
        ("met", "按时"),
        ("late", "补录"),
        ("unmet", "未完成"),
        ("exempt", "免"),
        ("draft", "草稿"),
    ]
    names = [
        "铁路新村社区第一党支部",
        "张掖路社区党支部",
        "永昌路社区第二党支部",
        "区第三小学党支部",
        "兴业物业有限公司党支部",
    ]
    return [
        {"name": name, "state": code, "word": word, "score": 96.5 - 7 * i, "done": 12 - i}
        for i, (name, (code, word)) in enumerate(zip(names, states, strict=True))
    ]


def plots() -> dict[str, Plot]:
    """One plot of each kind."""
    here = "#plots"
    return {
        "bars": Plot(
            kind="bar",
            title="各党（工）委按时率",
            labels=COMMITTEES,
            unit="%",
            top=100,
            lying=True,
            series=[Series("按时率", [98.2, 95.1, 88.4, 76.0, 61.5], hrefs=[here] * 5)],
        ),
        "stack": Plot(
            kind="bar",
            title="每月任务完成情况",
            labels=MONTHS,
            unit="项",
            stacked=True,
            series=[
                Series("按时", [310, 322, 298, 305, 180], "ok", [here] * 5),
                Series("补录", [22, 15, 30, 18, 6], "late", [here] * 5),
                Series("未完成", [8, 3, 12, 17, 154], "bad", [here] * 5),
            ],
        ),
        "trend": Plot(
            kind="line",
            title="季度得分走势",
            labels=["一季度", "二季度", "三季度", "四季度"],
            unit="分",
            series=[
                Series("本支部", [82, 86.5, 91, None], "bad", [here] * 4),
                Series("全区平均", [80, 83, 85.2, None], "exempt", [here] * 4),
            ],
        ),
        "heat": Plot(
            kind="heat",
            title="按时率：党（工）委 × 月份",
            labels=MONTHS,
            rows=COMMITTEES,
            unit="%",
            top=100,
            cells=[
                Cell(x, y, max(0, 98 - 14 * y - 3 * ((x * 7 + y * 3) % 5)), here)
                for x in range(len(MONTHS))
                for y in range(len(COMMITTEES))
            ],
        ),
        "donut": Plot(
            kind="donut",
            title="本月任务",
            labels=["按时", "补录", "未完成", "免"],
            unit="项",
            cells=[
                Cell(0, 0, 310, here, "ok"),
                Cell(1, 0, 22, here, "late"),
                Cell(2, 0, 8, here, "bad"),
                Cell(3, 0, 14, here, "exempt"),
            ],
        ),
        "gauge": Plot(
            kind="gauge",
            title="本月完成率",
            labels=["完成率"],
            unit="%",
            cells=[Cell(0, 0, 87.5, here)],
        ),
    }
