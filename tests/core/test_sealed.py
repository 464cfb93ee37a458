"""Sealed columns: bound to their row, found by a blind index, rotated live."""

from __future__ import annotations

import time
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.apps.registry import Apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from pytest_django.fixtures import Settings

from core.codes import check_id_number, check_phone
from core.crypto import Tampered, version_of
from core.sealed import (
    BlindIndexField,
    SealedField,
    SealedMixin,
    opened_value,
    reseal,
    sealed_value,
)

NUMBER = "11010519491231002X"
PHONE = "13812345678"


def canonical_id(value: str) -> str:
    return check_id_number(value).number


class Person(SealedMixin):
    name = models.CharField(max_length=40)
    id_number = SealedField(
        "公民身份号码", null=True, index_field="id_number_index", normalise=canonical_id
    )
    id_number_index = BlindIndexField("身份号码索引", unique=True)
    phone = SealedField("手机", null=True, index_field="phone_index", normalise=check_phone)
    phone_index = BlindIndexField("手机索引", db_index=True)
    note = SealedField("备注", null=True)
    objects = models.Manager["Person"]()

    class Meta:
        apps = Apps()
        app_label = "samples"
        db_table = "samples_person"


@pytest.fixture
def people(db: None, settings: Settings) -> type[Person]:
    settings.DATA_KEYS = {1: "11" * 32}
    settings.DATA_INDEX_KEY = "99" * 32
    with connection.schema_editor() as editor:
        editor.create_model(Person)
    return Person  # the table goes with the test's transaction


def person(name: str = "王小明", number: str | None = NUMBER, phone: str | None = PHONE) -> Person:
    made = Person(name=name)
    made.seal("id_number", number)
    made.seal("phone", phone)
    return made


def stored(column: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM samples_person ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_sealed_value_is_read_back_and_is_not_in_the_table_as_text(people: type[Person]) -> None:
    person().save()
    again = people.objects.get()
    assert (again.unseal("id_number"), again.unseal("phone")) == (NUMBER, PHONE)
    whole_row = stored("samples_person::text")[0]
    for secret in (NUMBER, PHONE):
        assert secret not in whole_row
        assert secret.encode().hex() not in whole_row


def test_nothing_is_stored_as_null_in_both_columns(people: type[Person]) -> None:
    person(number=None, phone="").save()
    again = people.objects.get()
    assert (again.id_number, again.id_number_index, again.phone, again.phone_index) == (None,) * 4
    assert again.unseal("id_number") == ""


def test_sealing_nothing_clears_what_was_there(people: type[Person]) -> None:
    made = person()
    made.seal("id_number", "")
    assert (made.id_number, made.id_number_index) == (None, None)


def test_rows_sealed_before_they_are_saved_go_in_by_bulk_create(people: type[Person]) -> None:
    people.objects.bulk_create([person("甲"), person("乙", number=None, phone="0931-8412345")])
    assert [
        (one.name, one.unseal("id_number"), one.unseal("phone"))
        for one in people.objects.order_by("id")
    ] == [("甲", NUMBER, PHONE), ("乙", "", "0931-8412345")]


def test_values_for_copy_are_those_of_a_sealed_instance(people: type[Person]) -> None:
    row, field = uuid4(), people.sealed_field("id_number")
    sealed = sealed_value(field, row, NUMBER)
    assert sealed.envelope is not None
    assert opened_value(field, row, sealed.envelope) == NUMBER
    assert {"id_number_index": sealed.fingerprint} == people.sealed_lookup("id_number", NUMBER)


@pytest.mark.parametrize("typed", [NUMBER, "11010519491231002x", " １１０１０５19491231002Ｘ "])
def test_a_row_is_found_by_its_plain_text_however_it_is_typed(
    people: type[Person], typed: str
) -> None:
    person("甲").save()
    person("乙", number=None).save()
    found = people.objects.filter(**people.sealed_lookup("id_number", typed))
    assert [one.name for one in found] == ["甲"]


@pytest.mark.parametrize("typed", ["", None, "123", "不是号码"])
def test_a_value_that_cannot_be_one_finds_nothing(people: type[Person], typed: str | None) -> None:
    person(number=None).save()
    assert list(people.objects.filter(**people.sealed_lookup("id_number", typed))) == []


def test_a_column_without_index_cannot_be_looked_up() -> None:
    with pytest.raises(FieldError, match="note 没有索引，不能查找"):
        Person.sealed_lookup("note", "x")


def test_a_plain_column_is_no_sealed_field() -> None:
    with pytest.raises(FieldError, match="name 不是加密字段"):
        Person().seal("name", "x")


def test_duplicates_are_stopped_by_the_database(people: type[Person]) -> None:
    person("甲").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        person("乙", number=NUMBER.lower()).save()


@pytest.mark.parametrize("lookup", ["id_number", "id_number__in", "id_number__gt"])
def test_ciphertext_cannot_be_filtered(lookup: str) -> None:
    with pytest.raises(FieldError, match="id_number 是加密字段，不能筛选"):
        Person.objects.filter(**{lookup: b"x"})


def test_rows_with_and_without_a_value_can_be_told_apart(people: type[Person]) -> None:
    person("甲").save()
    person("乙", number=None).save()
    assert [one.name for one in people.objects.filter(id_number__isnull=True)] == ["乙"]


def test_plain_text_put_on_the_column_by_mistake_never_reaches_the_database(
    people: type[Person],
) -> None:
    made = Person(name="甲", id_number=NUMBER)
    with pytest.raises(TypeError, match="id_number 是加密字段：请用 seal"):
        made.save()
    with pytest.raises(TypeError, match="id_number 是加密字段：请用 seal"):
        people.objects.update(id_number=NUMBER)


def test_a_value_swapped_between_two_rows_is_noticed(people: type[Person]) -> None:
    one, other = person("甲"), person("乙", number="620102195611120594")
    one.id_number, other.id_number = other.id_number, one.id_number
    people.objects.bulk_create([one, other])
    for row in people.objects.all():
        with pytest.raises(Tampered):
            row.unseal("id_number")


def test_a_value_moved_to_another_column_of_its_row_is_noticed() -> None:
    made = person()
    made.note = made.id_number
    with pytest.raises(Tampered):
        made.unseal("note")


def test_the_same_value_in_two_columns_has_two_fingerprints() -> None:
    one = Person.sealed_field("phone").fingerprint(PHONE)
    assert one != SealedField.fingerprint(_named("other"), PHONE)


def _named(name: str) -> SealedField:
    field = SealedField(index_field="x", normalise=check_phone)
    field.model, field.name = Person, name
    return field


def test_a_value_its_normaliser_refuses_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="公民身份号码应为 18 位"):
        person(number="123")


def test_migrations_know_nothing_of_index_and_normaliser() -> None:
    name, path, args, kwargs = Person.sealed_field("id_number").deconstruct()
    assert (name, path, args) == ("id_number", "core.sealed.SealedField", [])
    assert kwargs == {"verbose_name": "公民身份号码", "null": True}
    assert MigrationWriter.serialize(Person.sealed_field("id_number"))[0] == (
        "core.sealed.SealedField(null=True, verbose_name='公民身份号码')"
    )


def test_a_missing_index_column_is_reported_by_the_checks() -> None:
    assert Person.sealed_field("id_number").check() == []
    field = _named("id_number")
    field.set_attributes_from_name("id_number")
    assert [(found.id, found.msg) for found in field.check()] == [("core.E001", "没有索引字段 x")]


# --- Rotation --------------------------------------------------------------------------------


def rotated(people: type[Person], settings: Settings) -> list[Person]:
    """Ten rows under key 1, then key 2 comes, then two rows more."""
    people.objects.bulk_create(
        [person(f"旧{place}", number=None, phone=f"1381234567{place}") for place in range(10)]
    )
    settings.DATA_KEYS = {1: "11" * 32, 2: "22" * 32}
    people.objects.bulk_create([person("新"), person("空", number=None, phone=None)])
    return list(people.objects.order_by("id"))


def test_resealing_moves_every_old_row_to_the_new_key_and_the_old_key_can_go(
    people: type[Person], settings: Settings
) -> None:
    before = [(one.name, one.unseal("phone")) for one in rotated(people, settings)]
    assert reseal(people.objects.all(), batch=3) == 10
    settings.DATA_KEYS = {2: "22" * 32}
    after = list(people.objects.order_by("id"))
    assert [(one.name, one.unseal("phone")) for one in after] == before
    assert {version_of(one.phone) for one in after if one.phone} == {2}
    assert [one.name for one in people.objects.filter(**people.sealed_lookup("phone", PHONE))] == [
        "旧8",
        "新",
    ]


def test_resealing_again_finds_nothing_to_do(people: type[Person], settings: Settings) -> None:
    rotated(people, settings)
    reseal(people.objects.all())
    assert reseal(people.objects.all()) == 0


def test_the_command_reseals_every_model_that_has_sealed_columns(
    people: type[Person], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotated(people, settings)
    monkeypatch.setattr("django.apps.apps.get_models", lambda: [ContentType, people])
    said = StringIO()
    call_command("reseal", stdout=said)
    assert said.getvalue() == "person：重新加密 10 行\n"
    assert reseal(people.objects.all()) == 0


def test_resealing_leaves_fresh_rows_and_indexes_untouched(
    people: type[Person], settings: Settings
) -> None:
    before = rotated(people, settings)
    reseal(people.objects.all())
    after = list(people.objects.order_by("id"))
    assert [one.phone_index for one in after] == [one.phone_index for one in before]
    assert [one.phone for one in after[10:]] == [one.phone for one in before[10:]]


def test_resealing_writes_a_batch_by_one_statement(
    people: type[Person], settings: Settings, django_assert_num_queries: Any
) -> None:
    rotated(people, settings)
    # Three batches of a select and an update, and a last look, each in its savepoint.
    with django_assert_num_queries(3 * 2 + 1 + 4 * 2):
        reseal(people.objects.all(), batch=4)


def test_resealing_stops_at_a_row_that_does_not_open(
    people: type[Person], settings: Settings
) -> None:
    rows = rotated(people, settings)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE samples_person SET phone = (SELECT phone FROM samples_person WHERE id = %s)"
            " WHERE id = %s",
            [rows[0].pk, rows[1].pk],
        )
    with pytest.raises(Tampered):
        reseal(people.objects.all())


def test_fifty_thousand_values_are_sealed_within_seconds() -> None:
    people = [Person() for _ in range(5000)]
    began = time.perf_counter()
    for one in people:
        one.seal("phone", PHONE)
    assert time.perf_counter() - began < 2
