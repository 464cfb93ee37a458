"""``load_sample``: the invented district that the embedded default starts with."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

import assessment.sample
import branches.sample
import brands.samples.build
import cadres.sample
import dues.sample
import elections.sample
import meetings.samples.channels
import meetings.samples.checks
import meetings.samples.corrections
import meetings.samples.life
import meetings.samples.programme
import meetings.samples.records
import meetings.samples.study
import membership.sample
import portal.sample
import rectification.sample
import starrating.sample
import support.sample
import works.sample
from accounts.models import User
from branches.enums import ClientScope, PostKind, Role
from branches.models import ApiClient, Post, Unit
from branches.sample import EDGES, ROOT_CODE, SampleDistrict
from branches.services import access, clients


@dataclass(frozen=True)
class SignIn:
    """One account of the sample: who it is, and where it works."""

    username: str
    name: str
    role: str
    unit_code: str
    title: str
    is_staff: bool = False


# The street whose staff has a sign-in of the sample.
STREET = "990101001000"
SIGN_INS = (
    SignIn("zuzhibu", "周明远", Role.DISTRICT_STAFF, ROOT_CODE, "组织部工作人员", is_staff=True),
    SignIn(
        "zuzhibu2", "沈静", Role.DISTRICT_STAFF, ROOT_CODE, "组织部工作人员（复核）", is_staff=True
    ),
    SignIn(
        "jiedao",
        "陶春燕",
        Role.COMMITTEE_STAFF,
        STREET,
        "街道党工委工作人员",
        is_staff=True,
    ),
    SignIn("shuji", "", Role.SECRETARY, EDGES["three_groups"], "党支部书记（手机）"),
    SignIn("zuzhang", "", Role.GROUP_LEADER, EDGES["three_groups"] + "01", "党小组组长（手机）"),
    SignIn("lingdao", "卢国安", Role.LEADER, ROOT_CODE, "区领导（只读）"),
    SignIn("ganbu", "贺文岚", Role.CADRE_OFFICER, ROOT_CODE, "干部工作人员（只看干部工作）"),
    SignIn("ganbu2", "顾维", Role.CADRE_OFFICER, ROOT_CODE, "干部工作人员（复审）"),
)
CLIENT_TITLE = "样例：区政务数据平台"


def _derived(label: str) -> str:
    """A password that this installation, and no other, can print again."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"sample:{label}".encode(), hashlib.sha256)
    return base64.b32encode(digest.digest()).decode().lower()[:12]


class Command(BaseCommand):
    """Loads 云泉区 once; run again it changes nothing."""

    help = "载入样例区（虚构），已载入时不作改动。"

    def add_arguments(self, parser: CommandParser) -> None:
        """``--print-signins`` shows one sign-in per role; ``--today`` sets the sample's clock."""
        parser.add_argument("--print-signins", action="store_true")
        parser.add_argument("--today", type=date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or print."""
        if options["print_signins"]:
            self._print()
            return
        if Unit.objects.everywhere("is the sample there").filter(code=ROOT_CODE).exists():
            self.stdout.write("样例区已经载入。")
            return
        load(today=options["today"] or timezone.localdate())
        self.stdout.write("样例区载入完毕。")

    def _print(self) -> None:
        if User.objects.filter(username="admin").exists():
            self.stdout.write(f"系统管理员\tadmin\t{_derived('admin')}")
        for sign_in in SIGN_INS:
            if User.objects.filter(username=sign_in.username).exists():
                self.stdout.write(
                    f"{sign_in.title}\t{sign_in.username}\t{_derived(sign_in.username)}"
                )
        client = ApiClient.objects.everywhere("to print it").filter(title=CLIENT_TITLE).first()
        if client is not None:
            self.stdout.write(f"接口凭据\t{client.client_id}\t{_derived('client')}")


@transaction.atomic
def load(*, today: date) -> SampleDistrict:
    """Build everything in one transaction: a stopped start leaves nothing half done."""
    admin = _user("admin", "系统管理员", is_staff=True)
    admin.is_superuser = True
    admin.save(update_fields=["is_superuser"])
    users = {s.username: _user(s.username, s.name, is_staff=s.is_staff) for s in SIGN_INS}
    sample = branches.sample.build(
        today=today, district_staff=users["zuzhibu"], second_staff=users["zuzhibu2"]
    )
    authors = _accounts(sample, users)
    meetings.samples.records.build(
        sample=sample,
        authors=authors,
        reviewer=users["jiedao"],
        district_staff=users["zuzhibu"],
        second_staff=users["zuzhibu2"],
    )
    meetings.samples.corrections.build(
        sample=sample,
        street=sample.units[STREET],
        authors=authors,
        reviewer=users["jiedao"],
    )
    meetings.samples.life.build(sample=sample, authors=authors, reviewer=users["jiedao"])
    meetings.samples.checks.build(
        sample=sample,
        authors=authors,
        committee_staff=users["jiedao"],
        district_staff=users["zuzhibu"],
        leader=users["lingdao"],
    )
    meetings.samples.channels.build(sample=sample, users=users)
    meetings.samples.programme.build(
        sample=sample,
        authors=authors,
        reviewer=users["jiedao"],
        district_staff=users["zuzhibu"],
        second_staff=users["zuzhibu2"],
    )
    rectification.sample.build(
        sample=sample,
        authors=authors,
        reviewer=users["jiedao"],
        district_staff=users["zuzhibu"],
        second_staff=users["zuzhibu2"],
    )
    meetings.samples.study.build(sample=sample, authors=authors, staff=users["zuzhibu"])
    brands.samples.build.build(
        sample=sample,
        authors=authors,
        judge=users["jiedao"],
        staff=users["zuzhibu"],
        second=users["zuzhibu2"],
    )
    starrating.sample.build(sample=sample, authors=authors, users=users)
    dues.sample.build(sample=sample, authors=authors, users=users)
    elections.sample.build(sample=sample, authors=authors, users=users)
    membership.sample.build(sample=sample, authors=authors, users=users)
    support.sample.build(sample=sample, authors=authors, users=users)
    works.sample.build(sample=sample, authors=authors, users=users)
    portal.sample.build(sample=sample, authors=authors, users=users)
    cadres.sample.build(sample=sample, users=users)
    assessment.sample.build(
        sample=sample,
        staff=users["zuzhibu"],
        second_staff=users["zuzhibu2"],
        authors=authors,
        committee_staff=users["jiedao"],
    )
    _client(sample)
    return sample


def _user(username: str, name: str, *, is_staff: bool = False, usable: bool = True) -> User:
    user = User(
        username=username, name=name, is_staff=is_staff, email=f"{username}@example.invalid"
    )
    if usable:
        user.set_password(_derived(username))
    else:
        user.set_unusable_password()
    user.save()
    return user


def _accounts(sample: SampleDistrict, users: dict[str, User]) -> dict[int, User]:
    """Grants for the printed accounts, and an account for every other secretary and committee."""
    since = sample.today - timedelta(days=700)
    authors: dict[int, User] = {}
    leaders = Post.objects.everywhere("who leads what").filter(
        unit__path__startswith=sample.root.path,
        kind__in=(PostKind.SECRETARY, PostKind.GROUP_LEADER),
    )
    names = dict(leaders.values_list("unit_id", "member__name"))
    for sign_in in SIGN_INS:
        unit = sample.units[sign_in.unit_code]
        user = users[sign_in.username]
        if not user.name:
            user.name = names[unit.pk]
            user.save(update_fields=["name"])
        access.give(user=user, role=sign_in.role, unit=unit, since=since)
        if sign_in.role in (Role.SECRETARY, Role.GROUP_LEADER):
            authors[unit.pk] = user
    for unit in sample.branches:
        if unit.pk in names and unit.pk not in authors:
            user = _user(f"z{unit.code[-8:]}", names[unit.pk], usable=False)
            access.give(user=user, role=Role.SECRETARY, unit=unit, since=since)
            authors[unit.pk] = user
    for group in sample.groups:
        authors.setdefault(group.pk, authors[group.parent_id or 0])
    return authors


def _client(sample: SampleDistrict) -> None:
    issued = clients.issue_client(
        title=CLIENT_TITLE,
        unit=sample.root,
        scopes=list(ClientScope.values),
        expires_on=sample.today + timedelta(days=365),
    )
    issued.client.client.set_secret(_derived("client"))
    issued.client.client.save(update_fields=["secret"])
