"""Input of a cadre file."""

from __future__ import annotations

from django import forms

from cadres.enums import CadreSex, CadreState, Grade, Level, Politics
from cadres.forms.base import (
    DeedForm,
    chips_field,
    day_field,
    line_field,
    number_field,
    pick_field,
    unit_field,
    words_field,
)
from core.codes import NATIONALITY

_NUMBER_HELP = "加密保存，页面上只显示头尾；留空表示不改。"


class ReasonForm(forms.Form):
    """查阅或导出的事由."""

    reason = line_field(
        "查阅事由", 200, hint="例如：核对任职时间", help_text="写入查阅记录，不能修改和删除。"
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)


class CadreForm(DeedForm):
    """干部档案的基本项目, in the order of the 任免审批表."""

    unit = unit_field("所在单位")
    name = line_field("姓名", 60)
    sex = chips_field("性别", CadreSex.choices)
    born = day_field("出生日期", required=False)
    id_number = line_field("公民身份号码", 18, required=False, help_text=_NUMBER_HELP)
    phone = line_field("手机号码", 20, required=False, help_text=_NUMBER_HELP)
    level = pick_field("职务层次", Level.choices)
    ethnicity = pick_field("民族", NATIONALITY.choices)
    native_place = line_field("籍贯", 40, required=False)
    birthplace = line_field("出生地", 40, required=False)
    politics = pick_field("政治面貌", Politics.choices)
    party_on = day_field("入党时间", required=False)
    work_on = day_field("参加工作时间", required=False)
    health = line_field("健康状况", 40, required=False)
    title = line_field("专业技术职务", 60, required=False)
    specialty = line_field("熟悉专业有何专长", 100, required=False)
    full_education = line_field("全日制教育学历学位", 60, required=False)
    full_school = line_field("全日制教育毕业院系及专业", 100, required=False)
    part_education = line_field("在职教育学历学位", 60, required=False)
    part_school = line_field("在职教育毕业院系及专业", 100, required=False)
    honours = words_field("奖惩情况", 500, help_text="只写表彰奖励和已公布的处分名称、年份。")
    state = chips_field("现状", CadreState.choices)

    def prepare(self) -> None:
        """As the file stands; numbers are not shown again."""
        self.units()
        self.begin(ethnicity="01", politics=Politics.MEMBER, state=CadreState.SERVING)
        row = self.thing
        if row is None:
            return
        plain = (
            "name", "sex", "level", "ethnicity", "politics", "party_on", "work_on", "title",
            "specialty", "full_education", "full_school", "part_education", "part_school", "state",
        )  # fmt: skip
        self.begin(**{name: getattr(row, name) for name in plain}, unit=row.unit.code)
        sealed = ("native_place", "birthplace", "health", "honours")
        self.begin(**{name: row.unseal(name) for name in sealed}, born=row.born_on)


class StintForm(DeedForm):
    """简历的一段."""

    since = day_field("开始", help_text="只知道月份的，写那个月的 1 日。")
    until = day_field("结束", required=False, help_text="还在任的留空。")
    place = line_field("单位或院校", 100)
    post = line_field("职务或学习情况", 100)
    in_quota = forms.BooleanField(
        label="占领导职数", required=False, help_text="打勾的，选择单位和层次，计入职数。"
    )
    unit = unit_field("占职数的单位", required=False)
    level = pick_field("职务层次", [("", "不占职数"), *Level.choices], required=False)

    def prepare(self) -> None:
        """Any unit in reach."""
        self.units()


class EndStintForm(DeedForm):
    """任职结束."""

    until = day_field("结束日期")

    def prepare(self) -> None:
        """Today."""
        self.begin(until=self.on)


class FamilyForm(DeedForm):
    """家庭成员."""

    relation = line_field("称谓", 20, hint="妻子、儿子、父亲…")
    name = line_field("姓名", 60)
    born = line_field("出生年月", 10, required=False, hint="1980.05")
    politics = pick_field("政治面貌", [("", "—"), *Politics.choices], required=False)
    work = line_field("工作单位及职务", 100, required=False)


class RankForm(DeedForm):
    """职级."""

    rank = line_field("职级", 40, hint="例如：四级调研员")
    since = day_field("起算日期")
    document = line_field("文号", 80, required=False)


class AppraisalForm(DeedForm):
    """年度考核."""

    year = number_field("年度", least=1980, most=2100)
    grade = chips_field("结果", Grade.choices)

    def prepare(self) -> None:
        """Last year."""
        self.begin(year=self.on.year - 1)


class PhotoForm(DeedForm):
    """照片."""

    photo = forms.FileField(
        label="照片",
        help_text="本人近期正面照片。档案材料的扫描件、翻拍件不要上传。",
        error_messages={"required": "请选择一张照片。"},
    )


class SureForm(DeedForm):
    """Nothing to fill in."""


class RosterFilter(forms.Form):
    """干部名册的查询条."""

    q = forms.CharField(label="姓名", required=False, max_length=60)
    level = forms.ChoiceField(
        label="职务层次", choices=[("", "全部"), *Level.choices], required=False
    )
    state = forms.ChoiceField(
        label="现状", choices=[("", "在职"), *CadreState.choices[1:], ("all", "全部")],
        required=False,
    )  # fmt: skip


class ImportForm(forms.Form):
    """名册导入."""

    file = forms.FileField(
        label="干部名册（Excel）", error_messages={"required": "请选择一个 Excel 文件。"}
    )
    declared = forms.BooleanField(
        label="我已核对：不涉密，不含档案、个人事项、谈话、举报的内容",
        error_messages={"required": "请先核对并打勾：本系统不得存放涉密内容。"},
    )
