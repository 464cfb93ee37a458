"""Closed lists of the ground floor."""

from django.db import models


class RuleLevel(models.TextChoices):
    """Who made a rule (规定层级)."""

    NATIONAL = "national", "国家"
    CITY = "city", "市"
    DISTRICT = "district", "区"


class JobState(models.TextChoices):
    """Where a long piece of work stands (后台任务状态)."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


class Channel(models.TextChoices):
    """By which way a notice leaves the house (送达渠道)."""

    EMAIL = "email", "电子邮件"
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"


# The channels that reach a group by its robot (群机器人), not a person.
ROBOT_CHANNELS = (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU)


class Digest(models.TextChoices):
    """How often one wants to be told by mail (接收方式)."""

    NOW = "now", "随时"
    DAILY = "daily", "每天一次"
    WEEKLY = "weekly", "每周一一次"


class DeliveryState(models.TextChoices):
    """Where one delivery stands (送达状态)."""

    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"
