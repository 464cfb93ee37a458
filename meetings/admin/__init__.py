"""会议记录, 调阅, 固定组织生活日, 组织生活会, 学习 in the data administration, by matter.

Importing the package registers every model.
"""

from meetings.admin import checks, days, life, records, study

__all__ = ["checks", "days", "life", "records", "study"]
