"""An import from upload to result: sealed file, worker, preview, agreement, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from branches import loading
from branches.enums import Role
from branches.models import Grant, Member, Unit
from core.enums import JobState
from core.errors import Refusal
from core.models import Job
from tests.branches.sheets import MEMBER_HEAD, workbook
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_id_number,
    make_user,
)

pytestmark = pytest.mark.django_db
NUMBER = make_id_number(120001)
FILE = workbook(
    MEMBER_HEAD,
    [("王明", "", NUMBER, "", "正式党员", "东街第一党支部", "13800000001", "2010-07-01", "否")],
)


@pytest.fixture(autouse=True)
def private(settings, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def branch() -> Unit:
    return make_branch(make_committee(make_district()), name="东街第一党支部")


@pytest.fixture
def secretary(branch: Unit) -> User:
    return make_user(Role.SECRETARY, branch)


def checked(secretary: User, data: bytes = FILE) -> Job:
    upload = SimpleUploadedFile("名册.xlsx", data)
    job = loading.start_check(kind="members", upload=upload, by=secretary)
    loading.run_check(job.pk)
    job.refresh_from_db()
    return job


def test_an_upload_is_kept_sealed_previewed_and_deleted_once_written(
    secretary: User, private: Path
) -> None:
    job = checked(secretary)
    kept = [file.read_bytes() for file in private.rglob("*") if file.is_file()]
    assert (len(kept), NUMBER.encode() in kept[0], kept[0].startswith(b"PK")) == (1, False, False)
    assert (job.state, job.result["created_count"], Member.unscoped.count()) == (
        JobState.DONE,
        1,
        0,
    )
    assert NUMBER not in str(job.result)

    commit = loading.start_commit(check=job, by=secretary)
    loading.run_commit(commit.pk)

    commit.refresh_from_db()
    assert (commit.state, commit.result["written"]) == (JobState.DONE, True)
    assert Member.unscoped.get().name == "王明"
    assert [file for file in private.rglob("*") if file.is_file()] == []


def test_agreeing_twice_is_one_job(secretary: User) -> None:
    job = checked(secretary)

    first = loading.start_commit(check=job, by=secretary)
    second = loading.start_commit(check=job, by=secretary)

    assert first == second


def test_faults_cannot_be_written_and_come_as_a_workbook(
    secretary: User, client: Client, private: Path
) -> None:
    bad = workbook(MEMBER_HEAD, [("王明", "", "123", "", "", "东街第一党支部", "", "", "")])
    job = checked(secretary, bad)

    with pytest.raises(Refusal, match="核对没有通过，不能写入。"):
        loading.start_commit(check=job, by=secretary)
    assert (Path(private) / job.result["fault_file"]).read_bytes()[:2] == b"PK"
    client.force_login(secretary)
    assert "公民身份号码应为 18 位" in client.get(f"/import/{job.uuid}/").content.decode()


def test_the_worker_has_the_rights_of_its_initiator_when_it_runs(secretary: User) -> None:
    job = checked(secretary)
    commit = loading.start_commit(check=job, by=secretary)
    Grant.unscoped.filter(user=secretary).delete()

    loading.run_commit(commit.pk)

    commit.refresh_from_db()
    assert (commit.state, Member.unscoped.count()) == (JobState.FAILED, 0)


def test_the_whole_way_through_the_pages(secretary: User, client: Client) -> None:
    client.force_login(secretary)
    upload = SimpleUploadedFile("名册.xlsx", FILE)
    sent = client.post("/import/members/", {"file": upload})
    job = Job.objects.get(task=loading.CHECK)
    assert sent["Location"] == f"/import/{job.uuid}/"
    assert "可以关掉这个页面" in client.get(sent["Location"]).content.decode()

    loading.run_check(job.pk)
    assert client.get(f"/import/{job.uuid}/progress/")["HX-Refresh"] == "true"
    assert "确认写入" in client.get(f"/import/{job.uuid}/").content.decode()
    client.post(f"/import/{job.uuid}/confirm/")
    commit = Job.objects.get(task=loading.COMMIT)
    loading.run_commit(commit.pk)

    assert "新增 1 行" in client.get(f"/import/{commit.uuid}/").content.decode()
    assert Member.unscoped.count() == 1


def test_anothers_import_is_not_there(secretary: User, client: Client, branch: Unit) -> None:
    job = checked(secretary)
    client.force_login(make_user(Role.SECRETARY, branch))

    for page in ("", "progress/", "faults/"):
        assert client.get(f"/import/{job.uuid}/{page}").status_code == 404
    assert client.post(f"/import/{job.uuid}/confirm/").status_code == 404


def test_a_file_that_is_no_workbook_is_told_beside_the_field(
    secretary: User, client: Client
) -> None:
    client.force_login(secretary)

    answer = client.post("/import/members/", {"file": SimpleUploadedFile("a.xlsx", b"\0\1\2\3")})

    assert answer.status_code == 422
    assert "这不是表格文件" in answer.content.decode()
