"""Imports as jobs: the file waits sealed, the worker checks it, a person agrees, it is written.

The worker acts with the rights that the initiator has when it runs. A file is kept sealed under
the private root, deleted once written, and swept with other orphans after a day.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pghistory
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from branches import imports
from branches.imports import Plan, Rights
from branches.querysets import scope_guard
from core import crypto, files, jobs
from core.enums import JobState
from core.errors import Refusal
from core.jobs import Progress
from core.models import Job
from core.workbooks import XLSX_TYPE, Fault, WorkbookError, write_rows
from core.workbooks.safety import MAX_BYTES, kind_of

CHECK = "branches.check_import"
COMMIT = "branches.commit_import"
_AAD = b"branches.import"
_GONE = "文件已过期（上传的文件只保留一天），请重新上传。"
_FAULT_HEADERS = ("行", "列", "列号", "填写的内容", "问题", "怎么办")


# --- What the pages call ---------------------------------------------------------------------


@transaction.atomic
def start_check(*, kind: str, upload: files.Upload, by: User) -> Job:
    """Keep an uploaded workbook sealed and have the worker check it.

    Raises Refusal when it is no workbook or too large.
    """
    name = files.safe_name(upload.name or "")
    upload.seek(0)
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refusal(
            f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请分成几个文件上传。", field="file"
        )
    try:
        kind_of(data)
    except WorkbookError as error:
        raise Refusal(f"{error.fault.text}。", field="file") from error
    stored = files.store(files.CleanFile(name, "application/octet-stream", _sealed(data)))
    return jobs.start(
        task=CHECK,
        title=f"核对{imports.KINDS[kind]}：{name}",
        arguments={"kind": kind, "path": stored.path, "name": name},
        initiator_id=by.pk,
    )


def start_commit(*, check: Job, by: User) -> Job:
    """Have the worker write what a finished check found; asked twice it is one job.

    Raises Refusal when the check found faults, is not over, or its file is gone.
    """
    if check.state != JobState.DONE or check.result.get("fault_count"):
        raise Refusal("核对没有通过，不能写入。请改好表格后重新上传。", code="conflict")
    if not check.result["created_count"] and not check.result["changed_count"]:
        raise Refusal("全部内容与系统里的一致，不用写入。", code="conflict")
    if not _file(check).is_file():
        raise Refusal(_GONE, code="conflict")
    return jobs.start(
        task=COMMIT,
        title=f"写入{imports.KINDS[check.arguments['kind']]}：{check.arguments['name']}",
        arguments={**check.arguments, "check": str(check.uuid)},
        initiator_id=by.pk,
        key=f"import:{check.uuid}",
    )


# --- What the worker does --------------------------------------------------------------------


def run_check(job_id: int) -> None:
    """Check the file of a job; its result is the preview, or the faults."""
    with jobs.running(job_id) as (job, progress):
        data = _unsealed(job)
        if data is None or job.initiator is None:
            jobs.finish(job, result={}, message=_GONE, failed=True)
            return
        today = timezone.localdate()
        rights = Rights.of(job.initiator, on=today)
        with scope_guard():
            plan = imports.check(
                job.arguments["kind"], data, rights=rights, today=today, progress=progress
            )
        result = plan.as_dict()
        if plan.faults:
            result["fault_file"] = _fault_file(plan)
        jobs.finish(job, result=result, message=_told(plan))


def run_commit(job_id: int) -> None:
    """Write the file of a job, all or nothing; a second delivery finds it written."""
    with jobs.running(job_id) as (job, progress):
        if job.result.get("written"):
            return
        try:
            _commit(job, progress)
        except Refusal as refusal:
            jobs.finish(job, result={}, message=refusal.message, failed=True)


def _commit(job: Job, progress: Progress) -> None:
    data = _unsealed(job)
    if data is None or job.initiator is None:
        raise Refusal(_GONE)
    check = Job.objects.get(uuid=job.arguments["check"], initiator=job.initiator)
    today = timezone.localdate()

    def done(summary: dict[str, Any]) -> None:
        # In the same transaction as the rows: a killed worker's successor sees it was written.
        message = (
            f"已写入：新增 {summary['created_count']} 行，更改 {summary['changed_count']} 行。"
        )
        jobs.finish(job, result={**summary, "written": True}, message=message)

    with scope_guard(), pghistory.context(user=job.initiator_id, job=job.pk):
        plan = imports.commit(
            job.arguments["kind"],
            data,
            rights=Rights.of(job.initiator, on=today),
            today=today,
            fingerprint=check.result["fingerprint"],
            progress=progress,
            finally_=done,
        )
    if plan.faults:
        raise Refusal(
            f"预览之后情况有了变化，现在有 {len(plan.faults)} 处问题，没有写入。"
            f"第一处：{plan.faults[0].text}。请重新上传核对。"
        )
    files.discard(job.arguments["path"])


# --- Parts -----------------------------------------------------------------------------------


def _told(plan: Plan) -> str:
    if plan.faults:
        return f"发现 {len(plan.faults)} 处问题，没有写入任何数据。"
    return (
        f"全部正确：新增 {len(plan.created)} 行，更改 {len(plan.changed)} 行，"
        f"不变 {plan.unchanged} 行。"
    )


def _sealed(data: bytes) -> bytes:
    return crypto.seal(data.decode("latin-1"), aad=_AAD, purpose="import")


def _file(job: Job) -> Path:
    return Path(settings.PRIVATE_ROOT, job.arguments["path"])


def _unsealed(job: Job) -> bytes | None:
    """The uploaded bytes, or None once they are swept."""
    try:
        sealed = _file(job).read_bytes()
    except FileNotFoundError:
        return None
    return crypto.open_(sealed, aad=_AAD, purpose="import").encode("latin-1")


def _fault_file(plan: Plan) -> str:
    """All faults as a workbook among the private files; its path."""
    buffer = io.BytesIO()
    write_rows(buffer, _FAULT_HEADERS, (_fault_row(fault) for fault in plan.faults), sheet="问题")
    return files.store(files.CleanFile("问题清单.xlsx", XLSX_TYPE, buffer.getvalue())).path


def _fault_row(fault: Fault) -> tuple[object, ...]:
    row = fault.row or ""
    return (row, fault.column, fault.letter, fault.value, fault.message, fault.hint)
