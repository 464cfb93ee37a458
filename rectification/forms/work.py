"""What is entered while it goes on: problems, promises, oversight, polls, figures."""

from __future__ import annotations

from datetime import timedelta

from django import forms

from rectification.clock import default_due
from rectification.enums import OPEN_PROBLEMS, FigureKind, Manner, PollWay, PromiseWay, Source
from rectification.forms.base import (
    DeedForm,
    OnceForm,
    chips_field,
    day_field,
    line_field,
    number_field,
    upload_field,
    words_field,
)
from rectification.models import Problem, ReportDue

_PHOTO = "手机照片即可，上传时会去掉拍摄地点等信息。"
_PAPER = "PDF、Word（.docx）、Excel（.xlsx）或照片；涉密材料不要上传。"
_PLAIN = "只写事情，不写反映人的姓名、电话和住址；信访件、举报件的内容不要写在这里。"


class ProblemForm(OnceForm):
    """收集民意."""

    title = line_field("问题", 200, hint="例如：3 号楼前路灯坏了半年没人修", help_text=_PLAIN)
    source = chips_field("从哪里来", Source.choices)
    collected_on = day_field("收集日期")

    def prepare(self) -> None:
        """Today, from a visit."""
        self.begin(collected_on=self.on, source=Source.VISIT)


class TakeUpForm(DeedForm):
    """责任人、期限、措施."""

    owner = line_field("责任人", 60)
    due_on = day_field("办结期限")
    measures = words_field("整改措施", 2000, rows=3)

    def prepare(self) -> None:
        """As it stands; else the batch's working days from today."""
        problem: Problem = self.thing
        days = problem.case.batch.problem_days
        self.fields["due_on"].help_text = f"默认 {days} 个工作日，按节假日和调休推算。"
        self.begin(
            owner=problem.owner, measures=problem.measures,
            due_on=problem.due_on or default_due(problem.case, self.on),
        )  # fmt: skip


class DoneForm(DeedForm):
    """支部报办结."""

    done_on = day_field("办结日期")
    result = words_field("办理结果", 2000, rows=3, hint="怎么解决的，群众看到了什么")

    def prepare(self) -> None:
        """Today."""
        self.begin(done_on=self.on, result=self.thing.result)


class ConfirmForm(DeedForm):
    """上级确认办结."""

    confirmed_on = day_field("回访确认日期")
    answer = words_field(
        "反馈情况", 500, rows=3, hint="向谁反馈、群众怎么说，例如：到 3 号楼回访，路灯已亮"
    )

    def prepare(self) -> None:
        """Today."""
        self.begin(confirmed_on=self.on)


class PromiseForm(OnceForm):
    """公开承诺."""

    way = chips_field("公开方式", PromiseWay.choices)
    item = line_field("承诺事项", 200, hint="一句话，群众看得懂")
    person = line_field("责任人", 60)
    due_on = day_field("完成期限")
    posted_on = day_field("公开日期")
    problem = forms.ChoiceField(label="针对的问题", required=False)
    photo = upload_field("公示照片", help_text=_PHOTO)

    def prepare(self) -> None:
        """Today; about one of the open problems when one is named."""
        rows = Problem.unscoped.filter(case=self.thing, state__in=OPEN_PROBLEMS)[:200]
        self.choose("problem", [("", "不针对单个问题"), *((str(p.uuid), p.title) for p in rows)])
        self.begin(way=PromiseWay.CARD, posted_on=self.on, due_on=self.thing.deadline)
        for row in rows:
            if str(row.uuid) == self.asked:
                self.begin(problem=self.asked, item=row.title, person=row.owner)
                self.begin(due_on=row.due_on or self.thing.deadline)


class KeepForm(DeedForm):
    """兑现."""

    kept_on = day_field("兑现日期")
    outcome = words_field("兑现情况", 300, rows=3)

    def prepare(self) -> None:
        """Today."""
        self.begin(kept_on=self.on)


class FigureForm(OnceForm):
    """成效数字."""

    kind = chips_field("哪一项", FigureKind.choices)
    amount = forms.DecimalField(
        label="数量",
        max_digits=12,
        decimal_places=4,
        help_text="走访写户数，服务卡写份数，意见建议写条数，实事写件数；投入资金写万元，可有小数。",
        error_messages={
            "required": "请填写数量。",
            "invalid": "请填数字。",
            "max_digits": "数量太大，请核对。",
            "max_decimal_places": "最多四位小数。",
            "max_whole_digits": "数量太大，请核对。",
        },
    )
    day = day_field("日期")
    note = line_field("说明", 200, required=False, hint="例如：东片区入户")

    def prepare(self) -> None:
        """Today."""
        asked = self.asked if self.asked in FigureKind.values else FigureKind.HOUSEHOLDS
        self.begin(day=self.on, kind=asked)


class ReportForm(DeedForm):
    """提交报告."""

    due = forms.ChoiceField(label="哪一份报告", error_messages={"required": "请选择要交的报告。"})
    summary = words_field(
        "主要情况", 5000, rows=6, required=False, help_text="写在这里，或者上传材料。"
    )
    file = upload_field("报告材料", help_text=_PAPER)

    def prepare(self) -> None:
        """Those not filed yet, the next first."""
        rows = ReportDue.unscoped.filter(batch=self.thing.batch_id).exclude(
            reports__case=self.thing
        )
        self.choose(
            "due", [(str(row.pk), f"{row.title}（{row.due_on:%Y-%m-%d} 前）") for row in rows]
        )
        self.begin(due=self.asked)


class InspectForm(OnceForm):
    """督查."""

    manner = chips_field("方式", Manner.choices)
    timing = forms.ChoiceField(
        label="安排", widget=forms.RadioSelect, error_messages={"required": "请选择安排。"}
    )
    day = day_field("日期")
    inspectors = line_field("督查人员", 120)
    findings = words_field("发现的情况", 5000, rows=4)
    answer_by = day_field(
        "整改回复期限", required=False, help_text="需要整改的写期限；不需要的留空。"
    )

    def prepare(self) -> None:
        """回头看 after 销号, otherwise 定期 or 不定期."""
        watching = self.thing.closed_on is not None
        choices = (
            [("look_back", "回头看")]
            if watching
            else [("regular", "定期检查"), ("irregular", "不定期抽查")]
        )
        self.choose("timing", choices)
        self.begin(day=self.on, manner=Manner.OPEN, timing=choices[0][0])


class AnswerForm(DeedForm):
    """整改回复."""

    answer = words_field("整改回复", 5000, rows=5)


class PollForm(OnceForm):
    """发起测评."""

    way = chips_field(
        "测评方式", PollWay.choices, help_text="匿名测评码：打印纸条发给群众，手机扫码或输码投票。"
    )
    opens_on = day_field("开始日期")
    closes_on = day_field("截止日期")

    def prepare(self) -> None:
        """A week from today."""
        self.begin(opens_on=self.on, closes_on=self.on + timedelta(days=7), way=PollWay.LINK)


class SlipForm(DeedForm):
    """打印测评码."""

    count = number_field("打印张数", most=300, least=1, help_text="一次最多 300 张，不够再打一批。")

    def prepare(self) -> None:
        """A first batch."""
        self.begin(count=50)


class TallyForm(DeedForm):
    """计票表."""

    issued = number_field("发出票数", most=100_000, least=1)
    satisfied = number_field("满意", most=100_000)
    fair = number_field("基本满意", most=100_000)
    dissatisfied = number_field("不满意", most=100_000)
    invalid = number_field("无效票", most=100_000)
    sheet = upload_field("计票表照片或扫描件", help_text=_PAPER)

    def prepare(self) -> None:
        """Nothing invalid."""
        self.begin(invalid=0)


class VoidForm(DeedForm):
    """作废."""

    reason = line_field("作废原因", 200)


class RefuseForm(DeedForm):
    """不批准."""

    answer = words_field("不批准的理由", 500, rows=3)


class VoteForm(forms.Form):
    """The public page: a code and a choice."""

    code = forms.CharField(
        max_length=40,
        label="测评码",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": "纸条上的 12 位码",
            }
        ),
        error_messages={"required": "请输入纸条上的测评码。", "max_length": "测评码是 12 位。"},
    )
    choice = forms.CharField(
        max_length=20, error_messages={"required": "请选择满意、基本满意或者不满意。"}
    )
