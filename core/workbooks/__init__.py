"""Reading people's workbooks safely, and writing ours.

`read_table` finds the columns an importer asks for in an .xlsx, .xls or .csv that strangers
filled in, and says in Chinese what is wrong and where; `write_rows` and `stream_csv` write tables
whose every cell is text. No Django in here.
"""

from core.workbooks.cleaning import clean_cell, clean_name, clean_text
from core.workbooks.faults import Fault, WorkbookError
from core.workbooks.reading import Cell, Sheet, Source, read_sheets
from core.workbooks.tables import Column, Row, Table, read_table
from core.workbooks.writing import (
    CSV_TYPE,
    XLSX_TYPE,
    TableSheet,
    stream_csv,
    stream_rows,
    stream_sheets,
    write_rows,
)

__all__ = [
    "CSV_TYPE",
    "XLSX_TYPE",
    "Cell",
    "Column",
    "Fault",
    "Row",
    "Sheet",
    "Source",
    "Table",
    "TableSheet",
    "WorkbookError",
    "clean_cell",
    "clean_name",
    "clean_text",
    "read_sheets",
    "read_table",
    "stream_csv",
    "stream_rows",
    "stream_sheets",
    "write_rows",
]
