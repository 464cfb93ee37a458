"""更正: its states, and who moves it from where to where."""

from django.db import models


class CorrectionState(models.TextChoices):
    """更正的状态."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


CORRECTION_MOVES: frozenset[tuple[str, str]] = frozenset(
    {
        (CorrectionState.PROPOSED, CorrectionState.APPROVED),
        (CorrectionState.PROPOSED, CorrectionState.REFUSED),
        (CorrectionState.PROPOSED, CorrectionState.WITHDRAWN),
    }
)
