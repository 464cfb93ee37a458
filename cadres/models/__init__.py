"""干部工作: files, posts, appointments, oversight, matters, training, and the log of reads."""

from cadres.models.appointments import (
    Appointment,
    AppointmentStep,
    Audit,
    AuditItem,
    MustCheck,
)
from cadres.models.cadre import Appraisal, Cadre, Family, Photo, RankStep, Stint
from cadres.models.log import ReadLog
from cadres.models.matters import Draw, Drawn, MatterReport
from cadres.models.oversight import DutyNotice, Order
from cadres.models.quota import Quota
from cadres.models.training import Course, Tag, TagCriterion, Training

__all__ = [
    "Appointment",
    "AppointmentStep",
    "Appraisal",
    "Audit",
    "AuditItem",
    "Cadre",
    "Course",
    "Draw",
    "Drawn",
    "DutyNotice",
    "Family",
    "MatterReport",
    "MustCheck",
    "Order",
    "Photo",
    "Quota",
    "RankStep",
    "ReadLog",
    "Stint",
    "Tag",
    "TagCriterion",
    "Training",
]
