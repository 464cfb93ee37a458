"""The two versions of 《发展党员工作细则》 as rows; their limits are edited in the administration."""

from datetime import date
from typing import Any

from django.db import migrations

SETS: dict[str, dict[str, Any]] = {
    "2014": {
        "title": "发展党员工作细则（2014）",
        "regulation": "《中国共产党发展党员工作细则》（2014年5月28日印发）",
        "effective_from": date(1990, 1, 1),
        "note": "发展对象人选报上级党委备案；全国没有统一规定发展对象公示，按当地规定可以登记。"
        "施行前的旧档案也按这一版登记。",
    },
    "2026": {
        "title": "发展党员工作细则（2026）",
        "regulation": "《中国共产党发展党员工作细则》（2026年5月修订）",
        "effective_from": date(2026, 5, 1),
        "note": "发展对象人选经上级党委同意，公示不少于 5 个工作日。施行日期请按文件核对，可在此更正。",
    },
}
B, C = "branch", "committee"
# number, name, actor, needs, then what differs from the defaults.
STEPS: tuple[tuple[int, str, str, tuple[int, ...], dict[str, Any]], ...] = (
    (1, "递交入党申请书", B, (), {}),
    (2, "党组织派人谈话", B, (1,), {"base": 1, "most_months": 1}),
    (3, "推荐（推优）", B, (2,), {}),
    (4, "支委会研究确定积极分子", B, (3,), {}),
    (5, "积极分子上级备案", C, (4,), {}),
    (6, "指定培养联系人", B, (5,), {"note": "一至二名正式党员。"}),
    (7, "培养教育考察", B, (6,), {"base": 5, "times": 2, "every_months": 6,
                            "note": "每半年一次，培养教育一年以上。"}),
    (8, "确定发展对象人选", B, (6, 7), {"base": 5, "least_months": 12,
                                "note": "听取意见、支委会讨论后报上级党委。"}),
    (9, "发展对象公示", B, (8,), {"least_workdays": 5}),
    (10, "列为发展对象", B, (8, 9), {"base": 9, "least_days": 1}),
    (11, "确定入党介绍人", B, (10,), {"note": "两名正式党员。"}),
    (12, "政治审查", B, (10,), {}),
    (13, "集中培训", B, (10,), {"note": "不少于 3 天或 24 学时。"}),
    (14, "支委会审查", B, (11, 12, 13), {}),
    (15, "上级党委预审", C, (12, 13, 14), {}),
    (16, "填写入党志愿书", B, (15,), {}),
    (17, "支部大会讨论", B, (12, 13, 15, 16), {"base": 15, "most_months": 1}),
    (18, "上级派人谈话", C, (17,), {}),
    (19, "上级党委审批", C, (18,), {"base": 17, "most_months": 3, "special_months": 6}),
    (20, "编入支部和党小组", B, (19,), {}),
    (21, "入党宣誓", B, (20,), {}),
    (22, "预备期教育考察", B, (19,), {"base": 19, "every_months": 6}),
    (23, "支部大会讨论转正", B, (21, 22), {"base": 17, "least_months": 12}),
    (24, "上级党委审批转正", C, (23,), {"base": 23, "most_months": 3}),
    (25, "材料归档", B, (24,), {}),
)  # fmt: skip
IN_2014: dict[int, dict[str, Any]] = {
    9: {"required": False, "note": "2014 版没有全国统一的公示要求，按当地规定办理。"},
    10: {"base": 8, "least_days": 0},
}


def seed(apps: Any, schema_editor: Any) -> None:
    """Put the two sets there; what is there already stays as it is."""
    rule_set, step_rule = (apps.get_model("membership", n) for n in ("RuleSet", "StepRule"))
    for code, facts in SETS.items():
        row, fresh = rule_set.objects.get_or_create(code=code, defaults=facts)
        if not fresh and step_rule.objects.filter(rules=row).exists():
            continue
        step_rule.objects.bulk_create(
            step_rule(
                rules=row, number=number, name=name, actor=actor, needs=list(needs),
                **more | (IN_2014.get(number, {}) if code == "2014" else {}),
            )
            for number, name, actor, needs, more in STEPS
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
