"""When what is asked. The answers come from the database, so a missed hour costs nothing.

Celery ANDs the fields of a day with those of a week: a rule such as the first Tuesday is no
crontab line but a question to the calendar. Each of these tasks may run twice, or late, or not at
all for a week: unique keys and locks keep every effect single, the next run catches up.
"""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "发送消息": {"task": "core.deliver", "schedule": 60.0, "options": {"expires": 55}},
    "接手中断的后台任务": {"task": "core.sweep_jobs", "schedule": 60.0, "options": {"expires": 55}},
    "三会一课提醒": {
        "task": "meetings.remind",
        "schedule": crontab(minute="5"),
        "options": {"expires": 3500},
    },
    "后进整顿提醒": {
        "task": "rectification.remind",
        "schedule": crontab(minute="10"),
        "options": {"expires": 3500},
    },
    "星级创评提醒": {
        "task": "starrating.remind",
        "schedule": crontab(minute="12"),
        "options": {"expires": 3500},
    },
    "党建品牌提醒": {
        "task": "brands.remind",
        "schedule": crontab(minute="15"),
        "options": {"expires": 3500},
    },
    "通知提醒": {
        "task": "portal.remind",
        "schedule": crontab(minute="25"),
        "options": {"expires": 3500},
    },
    "党费名单和提醒": {
        "task": "dues.remind",
        "schedule": crontab(minute="30"),
        "options": {"expires": 3500},
    },
    "换届届满提醒": {
        "task": "elections.remind",
        "schedule": crontab(minute="35"),
        "options": {"expires": 3500},
    },
    "党员发展与转接": {
        "task": "membership.remind",
        "schedule": crontab(minute="50"),
        "options": {"expires": 3500},
    },
    "联系点走访提醒": {
        "task": "support.remind",
        "schedule": crontab(minute="40"),
        "options": {"expires": 3500},
    },
    "承诺与项目提醒": {
        "task": "works.remind",
        "schedule": crontab(minute="45"),
        "options": {"expires": 3500},
    },
    "干部工作提醒": {
        "task": "cadres.remind",
        "schedule": crontab(minute="55"),
        "options": {"expires": 3500},
    },
    # The task itself starts a quarter's run once, from the fifth day after the quarter.
    "季度考核": {
        "task": "assessment.quarterly",
        "schedule": crontab(minute="20"),
        "options": {"expires": 3500},
    },
}
