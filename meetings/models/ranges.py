"""Spans of days and hours as PostgreSQL ranges, for constraints that keep them apart."""

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.db.models import Func


class Days(Func):
    """From a day to a day, bounds as given."""

    function = "daterange"
    output_field = DateRangeField()


class Hours(Func):
    """From a moment to a moment, bounds as given."""

    function = "tstzrange"
    output_field = DateTimeRangeField()
