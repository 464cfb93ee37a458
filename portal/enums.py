"""Closed lists of 网上党支部."""

from django.db import models


class State(models.IntegerChoices):
    """Where a 通知 stands."""

    DRAFT = 0, "草稿"
    ISSUED = 1, "已下发"
    REVOKED = 2, "已撤回"


# The table of moves; the database keeps a copy of it (models/circular.py).
TRANSITIONS: frozenset[tuple[State, State]] = frozenset(
    {(State.DRAFT, State.ISSUED), (State.ISSUED, State.REVOKED)}
)
STATE_SLUGS: dict[State, str] = {state: state.name.lower() for state in State}


class Reach(models.TextChoices):
    """To whom a 通知 goes, of all that stands below its issuer."""

    ALL = "all", "本级以下全部党组织"
    KIND = "kind", "按类别"
    FIELD = "field", "按领域"
    COMMITTEES = "committees", "选定的党（工）委及其下级"
    CHOSEN = "chosen", "逐个列出"


class Progress(models.TextChoices):
    """How far one unit has come with a 通知."""

    UNREAD = "unread", "未阅"
    READ = "read", "已阅"
    SIGNED = "signed", "已签收"
