"""Load organisations from an Excel or CSV file."""

from branches.management.loading import LoadingCommand


class Command(LoadingCommand):
    help = "从 Excel 或 CSV 导入党组织，先核对每一行，全部正确才写入。"
    kind = "units"
