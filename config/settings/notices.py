"""How people are told: group robots, what a notice is called on the delivery log."""

from config.settings.env import env

# Who sends by the channels that belong to a floor above the outbox.
OUTBOX_SENDERS = dict.fromkeys(("wecom", "dingtalk", "feishu"), "branches.robots.send")

# The only hosts that a group robot's message may go to, by vendor (S37). Whoever sets up a robot
# gives its token; where it goes is said here.
ROBOT_HOSTS: dict[str, str] = {
    "wecom": env.str("ROBOT_HOST_WECOM", "https://qyapi.weixin.qq.com"),
    "dingtalk": env.str("ROBOT_HOST_DINGTALK", "https://oapi.dingtalk.com"),
    "feishu": env.str("ROBOT_HOST_FEISHU", "https://open.feishu.cn"),
}
# The district's own way out, "http://proxy:3128"; the environment's HTTP_PROXY is not looked at.
ROBOT_PROXY = env.str("ROBOT_PROXY", "")
# Seconds to connect, seconds to wait for an answer.
ROBOT_TIMEOUT = (env.float("ROBOT_CONNECT_SECONDS", 4.0), env.float("ROBOT_ANSWER_SECONDS", 6.0))

# What a notice is called where others than its reader see that it was sent.
NOTICE_NAMES = {
    "meetings/notices/fixed_day_soon": "固定组织生活日预告",
    "meetings/notices/fixed_day_today": "固定组织生活日当天",
    "meetings/notices/fixed_day_after": "固定组织生活日未记录",
    "meetings/notices/fixed_day_behind": "落后名单",
    "meetings/notices/month_end": "月末提醒",
    "meetings/notices/month_end_behind": "落后名单",
    "meetings/notices/must_hold": "四个必开提醒",
    "meetings/notices/move_proposed": "调整待审批",
    "meetings/notices/move_approved": "调整通知",
    "meetings/notices/move_refused": "调整未批准",
    "meetings/notices/returned": "记录退回",
    "meetings/notices/urged": "催报",
    "meetings/notices/group_move": "调整通知",
    "meetings/notices/group_fixed_day": "固定组织生活日预告",
    "cadres/notices/order_soon": "三单快到期限",
    "cadres/notices/order_late": "三单逾期",
    "cadres/notices/trial": "试用期将满",
    "branches/notices/robot_test": "测试消息",
    "assessment/notices/group_published": "考核发布",
}
