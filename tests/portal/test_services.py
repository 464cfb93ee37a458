"""通知 and receipts as verbs: to whom they go, once, and what does not change any more."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from branches.enums import Role
from branches.models import Grant
from core.errors import Refusal
from core.models import Notice
from core.outbox import text_of
from portal.enums import Progress, Reach, State
from portal.models import Circular, CircularFile, Receipt
from portal.reaching import count
from portal.services import circulars, pages, receipts
from tests.factories.branches import make_member, make_user
from tests.factories.portal import DAY, at, make_circular, make_letter, receipt_of
from tests.portal.conftest import Town


def reached_by(circular: Circular) -> set[str]:
    return set(
        Receipt.unscoped.filter(circular=circular).values_list("unit__name", flat=True)
    )  # fmt: skip


def told(what: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in Notice.objects.filter(key__startswith=f"circular-{what}:"):
        assert one.recipient is not None
        found[one.recipient.name] = found.get(one.recipient.name, 0) + 1
    return found


def test_a_district_reaches_all_below_it_but_no_group(town: Town) -> None:
    made = make_circular(town.district, issued=True)
    assert reached_by(made) == {
        town.street.name, town.other_street.name, town.branch.name, town.second_branch.name,
        town.other_branch.name,
    }  # fmt: skip


def test_a_committee_reaches_its_own_branches_only(town: Town) -> None:
    made = make_circular(town.street, issued=True)
    assert reached_by(made) == {town.branch.name, town.second_branch.name}


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({"reach": Reach.KIND, "kinds": ("working_committee",)}, {"street", "other_street"}),
        ({"reach": Reach.FIELD, "fields": ("school",)}, {"second_branch"}),
    ],
)
def test_a_reach_by_kind_or_field(town: Town, facts: dict[str, object], names: set[str]) -> None:
    made = make_circular(town.district, issued=True, **facts)
    assert reached_by(made) == {getattr(town, name).name for name in names}


def test_a_chosen_committee_brings_its_branches_and_a_listed_unit_stands_alone(
    town: Town,
) -> None:
    whole = make_circular(
        town.district, issued=True, reach=Reach.COMMITTEES, places=(town.street.code,)
    )
    alone = make_circular(
        town.district, issued=True, reach=Reach.CHOSEN, places=(town.street.code,)
    )
    assert reached_by(whole) == {town.street.name, town.branch.name, town.second_branch.name}
    assert reached_by(alone) == {town.street.name}


def test_a_committee_cannot_reach_beyond_itself(town: Town) -> None:
    with pytest.raises(Refusal, match="至少写一个"):
        make_circular(town.street, reach=Reach.CHOSEN, places=(town.other_branch.code,))


def test_each_keeper_is_told_once_whatever_he_keeps(town: Town) -> None:
    Grant.unscoped.create(
        user=town.secretary, role=Role.SECRETARY, unit=town.second_branch,
        since=DAY - timedelta(days=9),
    )  # fmt: skip
    made = make_circular(town.district, issued=True, needs_sign=True)
    circulars.issue(circular=made, by=town.staff, on=DAY, now=at())
    assert told("issued") == {"李华": 1, "马兰": 1, "陶春燕": 1, "方正": 1}
    notice = Notice.objects.filter(recipient=town.secretary).first()
    assert notice is not None
    assert "云泉区委发来通知“关于防汛值守的通知”。请看完后签收" in text_of(notice)


def test_the_issuer_knows_beforehand_who_cannot_be_told(town: Town) -> None:
    found = count(make_circular(town.district), DAY)
    assert (found.units, found.silent) == (5, 1)


def test_the_same_form_twice_is_one_draft(town: Town) -> None:
    key = uuid4()
    letter = make_letter()
    first = circulars.write(
        unit=town.district, by=town.staff, letter=letter, on=DAY, form_key=key
    )  # fmt: skip
    again = circulars.write(
        unit=town.district, by=town.staff, letter=letter, on=DAY, form_key=key
    )  # fmt: skip
    assert first == again


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"title": " "}, "请填写标题"),
        ({"title": "机密文件"}, "不得存放涉密内容"),
        ({"text": "机密★1年"}, "不得存放涉密内容"),
        ({"text": "长" * 5001}, "5000 字以内"),
        ({"sign_by": DAY - timedelta(days=1)}, "不能早于今天"),
        ({"reach": Reach.KIND}, "至少选一个类别"),
        ({"reach": Reach.COMMITTEES}, "至少选一个党"),
    ],
)
def test_a_bad_draft_says_what_to_do(town: Town, facts: dict[str, object], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        make_circular(town.district, **facts)


def test_what_was_issued_is_not_changed_nor_dropped(town: Town) -> None:
    made = make_circular(town.district, issued=True)
    with pytest.raises(Refusal, match="不能再改"):
        circulars.write(
            unit=town.district, by=town.staff, letter=make_letter(), on=DAY, circular=made
        )
    with pytest.raises(Refusal, match="不能删去"):
        circulars.drop(circular=made)
    for change in ({"title": "别的"}, {"state": State.DRAFT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Circular.unscoped.filter(pk=made.pk).update(**change)
    Receipt.unscoped.filter(circular=made).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Circular.unscoped.filter(pk=made.pk).delete()


def test_a_draft_keeps_files_and_goes_with_them(town: Town) -> None:
    made = make_circular(town.district)
    upload = SimpleUploadedFile("说明.pdf", b"%PDF-1.4 broken")
    with pytest.raises(Refusal):
        circulars.add_file(circular=made, by=town.staff, upload=upload)
    CircularFile.unscoped.create(
        circular=made, name="说明.pdf", path="aa/bb/x.pdf", content_type="application/pdf",
        sha256="0" * 64, size=1,
    )  # fmt: skip
    circulars.drop(circular=made)
    assert (Circular.unscoped.count(), CircularFile.unscoped.count()) == (0, 0)


def test_the_first_reading_counts_and_stands(town: Town) -> None:
    row = receipt_of(make_circular(town.district, issued=True), town.branch)
    receipts.read(receipt=row, by=town.secretary, now=at(DAY, 10))
    again = receipts.read(receipt=row, by=town.staff, now=at(DAY, 11))
    assert (again.read_by, again.read_at, again.progress) == (
        town.secretary, at(DAY, 10), Progress.READ,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.unscoped.filter(pk=row.pk).update(read_at=None, read_by=None)


def test_signing_is_reading_too_and_only_where_it_is_asked_for(town: Town) -> None:
    plain = receipt_of(make_circular(town.district, issued=True), town.branch)
    with pytest.raises(Refusal, match="不要求签收"):
        receipts.sign(receipt=plain, by=town.secretary, now=at())
    asked = make_circular(town.district, issued=True, needs_sign=True, title="要签收的通知")
    row = receipts.read(receipt=receipt_of(asked, town.branch), by=town.secretary, now=at())
    assert not row.is_done
    row = receipts.sign(receipt=row, by=town.secretary, now=at(DAY, 11))
    assert row.is_done
    assert row.read_at == at()


def test_those_who_owe_it_are_pressed_once_a_day(town: Town) -> None:
    made = make_circular(town.district, issued=True)
    receipts.read(receipt=receipt_of(made, town.branch), by=town.secretary, now=at())
    assert circulars.urge(circular=made, on=DAY, now=at()) == 4
    assert circulars.urge(circular=made, on=DAY, now=at(DAY, 15)) == 0
    assert told("urged") == {"马兰": 1, "陶春燕": 1, "方正": 1}
    later = DAY + timedelta(days=1)
    assert circulars.urge(circular=made, on=later, now=at(later)) == 4
    assert receipt_of(made, town.second_branch).urged == 2


def test_what_is_taken_back_says_why_and_asks_nothing_any_more(town: Town) -> None:
    made = make_circular(town.district, issued=True)
    row = receipt_of(made, town.branch)
    with pytest.raises(Refusal, match="撤回理由"):
        circulars.revoke(circular=made, by=town.staff, reason=" ", on=DAY, now=at())
    circulars.revoke(circular=made, by=town.staff, reason="日期有误", on=DAY, now=at())
    circulars.revoke(circular=made, by=town.judge, reason="再撤", on=DAY, now=at())
    made.refresh_from_db()
    assert (made.state, made.reason, made.revoked_by) == (State.REVOKED, "日期有误", town.staff)
    assert told("revoked") == {"李华": 1, "马兰": 1, "陶春燕": 1, "方正": 1}
    with pytest.raises(Refusal, match="已经撤回"):
        receipts.read(receipt=row, by=town.secretary, now=at())
    for verb in (circulars.urge,):
        with pytest.raises(Refusal, match="已下发"):
            verb(circular=made, on=DAY, now=at())
    with pytest.raises(Refusal, match="另发一份"):
        circulars.issue(circular=made, by=town.staff, on=DAY, now=at())


def test_a_branch_passes_on_what_it_has_read_and_takes_it_off_again(town: Town) -> None:
    made = make_circular(town.district, issued=True)
    row = receipt_of(made, town.branch)
    with pytest.raises(Refusal, match="先看完"):
        receipts.share(receipt=row, by=town.secretary, now=at())
    receipts.read(receipt=row, by=town.secretary, now=at())
    row = receipts.share(receipt=row, by=town.secretary, now=at(), public=True)
    assert row.is_public
    row = receipts.unshare(receipt=row)
    assert (row.shared_at, row.is_public) == (None, False)
    committee = receipts.read(receipt=receipt_of(made, town.street), by=town.judge, now=at())
    with pytest.raises(Refusal, match="只有党支部"):
        receipts.share(receipt=committee, by=town.judge, now=at())


def test_a_page_keeps_known_panels_in_their_order_and_no_secret_words(town: Town) -> None:
    facts = {"unit": town.branch, "by": town.secretary, "known": ["people", "month"]}
    page = pages.write_page(introduction="街坊支部", panels=["month", "people", "x"], **facts)  # type: ignore[arg-type]
    assert page.panels == ["people", "month"]
    with pytest.raises(Refusal, match="涉密"):
        pages.write_page(introduction="绝密★5年", panels=[], **facts)  # type: ignore[arg-type]
    make_member(town.branch, name="刘普通")
    for words, refusal in (("找刘普通报名", "普通党员"), ("电话 13800138000", "不写电话")):
        with pytest.raises(Refusal, match=refusal):
            pages.write_page(introduction=words, panels=[], **facts)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="只有党支部"):
        pages.write_page(introduction="", panels=[], **(facts | {"unit": town.street}))  # type: ignore[arg-type]


def test_nobody_stands_in_the_reach_any_more(town: Town) -> None:
    made = make_circular(town.district, reach=Reach.FIELD, fields=("village",))
    with pytest.raises(Refusal, match="没有党组织"):
        circulars.issue(circular=made, by=make_user(), on=DAY, now=at())
