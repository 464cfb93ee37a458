"""Asking every address as everybody, with what is his and what is not.

A finding is a sentence. None may come out of the software as it is; planted holes must bring some.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zlib import crc32

from django import forms
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models import Q
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.test import Client

from accounts.models import User
from branches.querysets import ScopedQuerySet
from core.models import Notice
from tests.access.matrix import Access, access
from tests.access.routes import Route, routes
from tests.access.world import CLIENTS, OFFICERS, PEOPLE, World

_DRAWN = re.compile(r"[A-Za-z0-9_-]{32,}")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_WRITE = re.compile(r"^\s*(?:WITH\b.*?\)\s*)?(INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", re.S)
# Written by reading: the session's clock, the note of a client's last use.
_NOISE = {"django_session", "branches_apiclient", "usersessions_usersession"}


@dataclass(frozen=True)
class Reply:
    """An answer with everything in it as text; ``wrote`` names the tables written meanwhile."""

    status: int
    text: str
    wrote: tuple[str, ...]
    error: str = ""
    context: Any = None
    damage: tuple[str, ...] = ()


@dataclass
class Probe:
    """One persona before the software.

    ``roots`` are the keys of the units that are his; an empty tuple is nobody.
    """

    world: World
    persona: str
    roots: tuple[str, ...] = ()
    findings: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @cached_property
    def client(self) -> Client:
        """Signed in, or with the token in hand."""
        headers: dict[str, str] = {}
        if self.persona in self.world.clients:
            headers["authorization"] = f"Bearer {token(self.world, self.persona)}"
        client = Client(raise_request_exception=False, headers=headers)
        if self.persona in self.world.users:
            client.force_login(self.world.users[self.persona])
            held = self.world.sessions.get(self.persona)
            if held:
                session = client.session
                session.update(held)
                session.save()
        self.jar = copy(client.cookies)
        return client

    @cached_property
    def strangers(self) -> set[str]:
        """Canaries he must never see: others' units, others' post, plain numbers."""
        kept = self.world.kept_from(self.persona)
        if self.persona == "superuser":
            return kept
        post = {f"zp{name}z" for name in PEOPLE if name != self.persona}
        numbers = {n for n, key in self.world.numbers.items() if not self._below(key)}
        return self.world.strangers(*self.roots) | post | numbers | kept

    @cached_property
    def _own(self) -> set[str]:
        if self.persona not in OFFICERS:
            return self.world.own(*self.roots)
        return {f"zc{key}z" for root in self.roots for key in self.world.below(root)}

    @cached_property
    def foreign(self) -> tuple[str, list[Any]]:
        """What fingerprints others' rows."""
        return foreign_query(self.world, self.roots)

    @cached_property
    def foreign_before(self) -> dict[str, str]:
        """Others' rows before anything was asked."""
        return foreign_state(self.foreign)

    # --- Asking ---

    def ask(self, method: str, url: str, data: Any = None, *, as_json: bool = False) -> Reply:
        """One request; whatever it wrote is compared with others' rows, then undone."""
        before, _ = self.foreign_before, self.client
        # Who has just signed out is signed in again: what he wrote is undone, his cookies too.
        self.client.cookies = copy(self.jar)
        wrote: list[str] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            found = _WRITE.match(sql)
            if found and found[2] not in _NOISE:
                wrote.append(found[2])
            return execute(sql, params, many, context)

        with transaction.atomic():
            try:
                with connection.execute_wrapper(watch):
                    reply = self._send(method, url, data, as_json)
                    text = _text(reply)
            except Exception as fault:
                transaction.set_rollback(True)
                return Reply(599, "", tuple(wrote), f"{type(fault).__name__}: {fault}"[:200])
            error = _error(reply)
            damage: tuple[str, ...] = ()
            if wrote and not connection.needs_rollback:
                after = foreign_state(self.foreign)
                damage = tuple(name for name in before if before[name] != after[name])
            transaction.set_rollback(True)
        return Reply(
            reply.status_code,
            text,
            tuple(wrote),
            error,
            getattr(reply, "context", None),
            damage,
        )

    def _send(self, method: str, url: str, data: Any, as_json: bool) -> Any:
        if method in ("GET", "HEAD"):
            return getattr(self.client, method.lower())(url)
        if as_json:
            body = json.dumps(data, default=str)
            headers = {"Idempotency-Key": f"probe-{self.persona}"}
            return self.client.generic(method, url, body, "application/json", headers=headers)
        if method == "POST":
            return self.client.post(url, data or {})
        return self.client.generic(method, url, "a=1", "application/x-www-form-urlencoded")

    # --- Judging ---

    def judge(self, where: str, reply: Reply, sent: str, *, foreign: bool, reading: bool) -> None:
        """Note whatever must not be."""
        if reply.status >= 500:
            self.note(where, f"{reply.status} {reply.error}")
        low = sent.lower()
        leaked = sorted(c for c in self.strangers if c in reply.text and c.lower() not in low)
        if leaked:
            self.note(where, f"shows {leaked[:4]}")
        if any(number in reply.text for number in self.world.numbers) and "/reveal/" not in where:
            self.note(where, "shows whole numbers of identity or phone (S9)")
        if reply.damage:
            self.note(where, f"changed rows of others in {sorted(reply.damage)}")
        if reading and reply.wrote:
            self.note(where, f"a read wrote {sorted(set(reply.wrote))}")
        if foreign and 200 <= reply.status < 300:
            self.note(where, f"{reply.status} for what is not his")
        self.seen |= {c for c in self._own if c in reply.text}

    def note(self, where: str, what: str) -> None:
        """Keep a finding."""
        self.findings.append(f"{self.persona}: {where}: {what}")

    # --- The round ---

    def run(self, only: Sequence[Route] | None = None, *, methods: Sequence[str] = METHODS) -> None:
        """All addresses, own and foreign objects, all methods.

        ACCESS_ONLY, a pattern of their beginnings, tries some of them while one builds;
        ACCESS_SHARE=3 a third of them.
        """
        chosen = re.compile(os.environ.get("ACCESS_ONLY", ""))
        share = int(os.environ.get("ACCESS_SHARE", "1"))
        for route in routes() if only is None else only:
            line = access(route)
            if line is None or not chosen.match(route.pattern):
                continue
            if only is None and crc32(route.pattern.encode()) % share:
                continue
            tried = methods
            if only is None and "ACCESS_FULL" not in os.environ:
                tried = [method for method in methods if self._has_turn(route, line, method)]
            if route.parameters and line.of:
                self._objects(route, line, tried)
            else:
                self._plain(route, line, tried)

    def _has_turn(self, route: Route, line: Access, method: str) -> bool:
        """Whether this person tries this method here; ACCESS_FULL=1 lets everybody try all.

        Outside the administration GET and POST are everybody's. The rest take turns, as Django and
        allauth answer the rest alike everywhere: three people at each address, and of an
        administration's five pages a table, the list and the row are for all staff to look at.
        """
        text = f"{method} {route.pattern}"
        if line.kind not in ("desk", "system", "door"):
            return method in ("GET", "POST") or _turn(text, self.persona, PERSONAS)
        if method not in ("GET", "POST"):
            return False
        if line.kind == "door":
            return True
        if self.persona not in _STAFF:
            return _turn(text, self.persona, _OUTSIDERS)
        shown = route.pattern.endswith(("change/", "/")) and route.pattern.count("/") == 3
        shown = shown or route.pattern.endswith("/change/")
        return (method == "GET" and shown) or _turn(text, self.persona, _STAFF, of=2)

    def _plain(self, route: Route, line: Access, methods: Sequence[str]) -> None:
        url = _bare(route, line)
        first: Reply | None = None
        for method in methods:
            where = f"{method} {url}"
            data = self.hostile(first) if method in ("POST", "PUT", "PATCH") else None
            reply = self.ask(method, url, data, as_json=line.kind == "api")
            if method == "GET":
                first = reply
                self._entrance(where, line, reply)
                self._control(where, line, reply)
            reading = method in ("GET", "HEAD")
            self.judge(where, reply, f"{url} {data}", foreign=False, reading=reading)

    def _objects(self, route: Route, line: Access, methods: Sequence[str]) -> None:
        name = route.parameters[0]
        mine, others = self._sorted(line)
        first: Reply | None = None
        for key, thing in mine:
            url = _bare(route, line, {name: line.value(thing)})
            first = self.ask("GET", url)
            self.judge(f"GET {url} [{key}]", first, url, foreign=False, reading=True)
            self._entrance(f"GET {url} [{key}]", line, first)
            self._control(f"GET {url} [{key}]", line, first)
            if "POST" in methods:
                data = self.hostile(first)
                reply = self.ask("POST", url, data, as_json=line.kind == "api")
                self.judge(
                    f"POST {url} [{key}]", reply, f"{url} {data}", foreign=False, reading=False
                )
        for key, thing in others:
            url = _bare(route, line, {name: line.value(thing)})
            for method in methods:
                reading = method in ("GET", "HEAD")
                data = None if reading else self.hostile(first)
                reply = self.ask(method, url, data, as_json=line.kind == "api")
                self.judge(
                    f"{method} {url} [{key}]", reply, f"{url} {data}", foreign=True, reading=reading
                )

    def _sorted(self, line: Access) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
        """One object of his own, and two of others: a neighbour's and another district's."""
        things = self.world.objects[line.of]
        mine: list[tuple[str, Any]] = []
        others: dict[str, tuple[str, Any]] = {}
        for key, thing in things.items():
            if key in PEOPLE or key in CLIENTS:
                home = PEOPLE[key][1] if key in PEOPLE else CLIENTS[key][0]
                own = key == self.persona or self._below(home)
            else:
                own = self._below(key)
                if line.shared and any(root.startswith(key) for root in self.roots):
                    own = True
                elif any(root.startswith(key) and root != key for root in self.roots):
                    continue
                home = key
            if own:
                mine = mine or [(key, thing)]
            else:
                others.setdefault(home[0], (key, thing))
        return mine, list(others.values())

    def _below(self, key: str) -> bool:
        return any(key.startswith(root) for root in self.roots)

    def _entrance(self, where: str, line: Access, reply: Reply) -> None:
        """Who must not come in at all."""
        is_open = line.kind in ("open", "door")
        if self.persona == "anonymous" and not is_open and 200 <= reply.status < 300:
            self.note(where, "open to the street")
        staff = self.persona in ("superuser", "ungranted", "district_1", "district_2")
        staff = staff or self.persona.startswith("committee")
        if line.kind in ("desk", "system") and not staff and 200 <= reply.status < 300:
            self.note(where, "the admin is open to others than staff")
        if line.kind == "system" and self.persona != "superuser" and 200 <= reply.status < 300:
            self.note(where, "the system's tables are open to others than superusers")

    def _control(self, where: str, line: Access, reply: Reply) -> None:
        """The positive control: he does see his own."""
        if self.persona not in line.sees:
            return
        own = self._own
        if reply.status != 200 or not any(canary in reply.text for canary in own):
            self.note(where, f"{reply.status}: his own canary is missing")

    # --- What is sent ---

    def hostile(self, page: Reply | None) -> dict[str, Any]:
        """Others' identifiers in every field that might take one."""
        target = next((key for key in ("1b1", "1a1", "2a1") if not self._below(key)), "2a1")
        things = {
            kind: by_key[target] for kind, by_key in self.world.objects.items() if target in by_key
        }
        unit, meeting, member = things["unit"], things["meeting"], things["member"]
        data: dict[str, Any] = {
            "unit": unit.code,
            "under": unit.code,
            "parent": unit.pk,
            "committee": unit.pk,
            "member": str(member.uuid),
            "members": [str(member.uuid)],
            "meeting": str(meeting.uuid),
            "uuid": [str(meeting.uuid)],
            "uuids": [str(meeting.uuid)],
            "ids": [str(meeting.uuid)],
            "records": [str(meeting.uuid)],
            "reason": "不合要求",
            "held_on": "2026-07-07",
            "topic": "试探",
            "kinds": ["members"],
            "attendance": [{"member": str(member.uuid)}],
        }
        if page is not None and page.context is not None:
            data = {key: value for key, value in data.items() if key != "attendance"}
            for form in _forms(page.context):
                for name, bound in form.fields.items():
                    data[form.add_prefix(name)] = _value(bound, target, things)
            for formset in _formsets(page.context):
                data |= {
                    f"{formset.prefix}-TOTAL_FORMS": "0",
                    f"{formset.prefix}-INITIAL_FORMS": "0",
                }
        return {key: value for key, value in data.items() if value is not None}


def _value(bound: forms.Field, target: str, things: dict[str, Any]) -> Any:
    """What an attacker writes into a field."""
    if isinstance(bound, forms.ModelChoiceField):
        model = bound.queryset.model
        thing = next((one for one in things.values() if isinstance(one, model)), None)
        if thing is None:
            return ""
        value = getattr(thing, bound.to_field_name or "pk")
        return [str(value)] if isinstance(bound, forms.ModelMultipleChoiceField) else str(value)
    if isinstance(bound, forms.FileField):
        return None
    if isinstance(bound, forms.UUIDField):
        return str(things["meeting"].uuid)
    if isinstance(bound, forms.DateField):
        return "2026-07-07"
    if isinstance(bound, forms.BooleanField):
        return "on"
    if isinstance(bound, forms.IntegerField):
        return str(things["member"].pk)
    if isinstance(bound, forms.ChoiceField):
        values = [str(value) for value, _ in bound.choices if str(value)]
        return values[:1]
    return "试探"


def _flat(context: Any) -> Iterator[Any]:
    for layer in context if isinstance(context, list) else [context]:
        for level in getattr(layer, "dicts", [layer]):
            if isinstance(level, dict):
                yield from level.values()


def _forms(context: Any) -> Iterator[BaseForm]:
    for value in _flat(context):
        form = getattr(value, "form", None)
        for one in (value, form):
            if isinstance(one, BaseForm):
                yield one


def _formsets(context: Any) -> Iterator[BaseFormSet[Any]]:
    for value in _flat(context):
        for one in value if isinstance(value, list) else [value]:
            formset = getattr(one, "formset", one)
            if isinstance(formset, BaseFormSet):
                yield formset


def _bare(route: Route, line: Access, values: dict[str, object] | None = None) -> str:
    """An address to ask; what is a regular expression in the URLconf gets an example."""
    pattern = route.pattern
    for expression, example in (
        ("(?P<url>.*)$", "nothing/here/"),
        ("^.*$", "nothing-here/"),
        ("^import/(?P<kind>units|members)/", "import/members/"),
        ("/$", "/"),
    ):
        pattern = pattern.replace(expression, example)
    pattern = re.sub(r"\^\(\?P<app_label>([a-z_]+)[^)]*\)/\$", r"\1/", pattern)
    known: dict[str, object] = dict.fromkeys(Route(pattern, "").parameters, "1")
    known |= {"label": "2026-07"} | (values or {})
    return Route(pattern, "").url(known) + (f"?{line.query}" if line.query else "")


def _text(reply: Any) -> str:
    """Body and headers as text; zipped files are opened."""
    body: bytes = b"".join(reply.streaming_content) if reply.streaming else reply.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in reply.headers.items())
    # Tokens are drawn by chance, and chance draws a short canary now and then.
    return _DRAWN.sub("", f"{headers}\n{body.decode('utf-8', 'replace')}")


def _error(reply: Any) -> str:
    info = getattr(reply, "exc_info", None)
    return f"{info[0].__name__}: {info[1]}"[:200] if info else ""


def token(world: World, name: str) -> str:
    """An access token for a client of the world."""
    issued = world.clients[name]
    basic = base64.b64encode(f"{issued.client_id}:{issued.secret}".encode()).decode()
    reply = Client().post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials"},
        headers={"authorization": f"Basic {basic}"},
    )
    found: str = reply.json()["access_token"]
    return found


def scoped_models() -> list[type[models.Model]]:
    """Every model whose reads must be scoped."""
    return [
        model
        for model in apps.get_models()
        if isinstance(getattr(model, "objects", None), models.Manager)
        and isinstance(model.objects.all(), ScopedQuerySet)
    ]


def foreign_query(world: World, roots: Sequence[str]) -> tuple[str, list[Any]]:
    """The question of :func:`foreign_state`: long, and the same for one persona all the time."""
    parts: list[str] = []
    params: list[Any] = []
    for queryset in _foreign_rows(world, roots):
        try:
            sql, values = queryset.values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        table = queryset.model._meta.db_table
        parts.append(
            f"SELECT '{table}', count(*) || ':' || COALESCE(md5(string_agg(x::text, '|' "
            f"ORDER BY x.id)), '') FROM {table} x WHERE x.id IN ({sql})"
        )
        params += list(values)
    return " UNION ALL ".join(parts), params


def foreign_state(query: tuple[str, list[Any]]) -> dict[str, str]:
    """Table → fingerprint of all rows that belong to others, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(*query)
        return dict(cursor.fetchall())


def _foreign_rows(world: World, roots: Sequence[str]) -> Iterator[models.QuerySet[Any]]:
    paths = [world.units[root].path for root in roots]
    for model in scoped_models():
        rows = model.objects.everywhere("the test looks at what others have")  # type: ignore[attr-defined]
        mine = Q()
        for path in paths:
            mine |= Q(**{f"{rows.unit_path}__startswith": path})
        yield rows.exclude(mine).order_by() if mine else rows.order_by()
    others = [u.pk for n, u in world.users.items() if n in PEOPLE and not _is_below(n, roots)]
    yield User.objects.filter(pk__in=others).order_by()
    yield Notice.objects.filter(recipient__in=others, key__startswith="canary:").order_by()


def _is_below(name: str, roots: Sequence[str]) -> bool:
    return any(PEOPLE[name][1].startswith(root) for root in roots)


def probe(world: World, persona: str) -> Probe:
    """The persona of that name before the software."""
    if persona in PEOPLE:
        return Probe(world, persona, (PEOPLE[persona][1],))
    if persona in CLIENTS:
        return Probe(world, persona, (CLIENTS[persona][0],))
    if persona == "superuser":
        user = User(username="superuser", name="系统", is_staff=True, is_superuser=True)
        user.password = world.users["ungranted"].password
        user.save()
        world.users["superuser"] = user
        return Probe(world, persona, ("1", "2"))
    return Probe(world, persona)


PERSONAS = ("anonymous", "ungranted", *PEOPLE, *CLIENTS, "superuser")
_STAFF = ("superuser", "district_1", "district_2", "committee_a", "committee_b")
_OUTSIDERS = tuple(name for name in PERSONAS if name not in _STAFF)


def _turn(text: str, persona: str, people: Sequence[str], *, of: int = 3) -> bool:
    """Whether it is this person's turn: so many of the people for each text, always the same."""
    start = crc32(text.encode()) % len(people)
    return (people.index(persona) - start) % len(people) < of
