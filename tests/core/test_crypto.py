"""SM4-GCM envelopes, key versions and the blind index."""

from __future__ import annotations

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from core import crypto
from core.crypto import CryptoUnavailable, Tampered, blind_index, open_, seal

AAD = b"branches_member.id_number.6f9619ff-8b86-d011-b42d-00c04fc964ff"
KEYS = {1: "11" * 32, 2: "22" * 32, 3: bytes.fromhex("33" * 32)}


@pytest.fixture
def keys(settings: Settings) -> Settings:
    settings.DATA_KEYS = {1: KEYS[1]}
    settings.DATA_INDEX_KEY = "99" * 32
    return settings


def test_the_installed_library_passes_the_vector_of_rfc_8998() -> None:
    crypto.self_test()


def test_a_library_without_sm4_is_named_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: bytes) -> None:
        raise UnsupportedAlgorithm("no SM4")

    monkeypatch.setattr("core.crypto.algorithms.SM4", missing)
    with pytest.raises(CryptoUnavailable) as caught:
        crypto.self_test()
    assert str(caught.value) == (
        "已安装的 cryptography 不含国密算法 SM4/SM3，请改装官方 wheel 包（不要自行编译）"
    )


def test_a_library_that_computes_wrongly_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "_RFC_TAG", bytes(16))
    with pytest.raises(CryptoUnavailable) as caught:
        crypto.self_test()
    assert str(caught.value) == "SM4-GCM 自检未通过（RFC 8998），请重新安装 cryptography"


@given(st.text(), st.binary())
def test_what_is_sealed_opens_again_to_the_same_text(text: str, aad: bytes) -> None:
    assert open_(seal(text, aad=aad), aad=aad) == text


def test_an_envelope_is_version_nonce_ciphertext_and_tag(keys: Settings) -> None:
    sealed = seal("11010519491231002X", aad=AAD)
    assert len(sealed) == 1 + 12 + 18 + 16
    assert crypto.version_of(sealed) == 1
    assert b"1101" not in sealed


def test_the_same_text_never_has_the_same_envelope() -> None:
    assert len({seal("11010519491231002X", aad=AAD) for _ in range(100)}) == 100


def test_every_flipped_bit_is_noticed() -> None:
    sealed = seal("620102195611120586", aad=AAD)
    unnoticed = []
    for place in range(len(sealed) * 8):
        broken = bytearray(sealed)
        broken[place // 8] ^= 1 << place % 8
        try:
            unnoticed.append((place, open_(bytes(broken), aad=AAD)))
        except Tampered:
            continue
    assert unnoticed == []


@pytest.mark.parametrize("length", [0, 1, 12, 28, 29, 40])
def test_a_cut_envelope_does_not_open(length: int) -> None:
    sealed = seal("620102195611120586", aad=AAD)[:length]
    with pytest.raises(Tampered):
        open_(sealed, aad=AAD)


def test_an_envelope_does_not_open_in_another_place_or_for_another_purpose() -> None:
    sealed = seal("620102195611120586", aad=AAD)
    with pytest.raises(Tampered, match="密文被改动或不属于这一行"):
        open_(sealed, aad=AAD.replace(b"6f96", b"6f97"))
    with pytest.raises(Tampered, match="密文被改动或不属于这一行"):
        open_(sealed, aad=AAD, purpose="second-factor")


def test_the_highest_key_seals_and_all_keys_open(keys: Settings) -> None:
    old = seal("620102195611120586", aad=AAD)
    keys.DATA_KEYS = KEYS
    new = seal("620102195611120586", aad=AAD)
    assert (crypto.version_of(old), crypto.version_of(new), crypto.current_version()) == (1, 3, 3)
    assert open_(old, aad=AAD) == open_(new, aad=AAD) == "620102195611120586"


def test_without_its_key_an_envelope_stays_closed(keys: Settings) -> None:
    old = seal("620102195611120586", aad=AAD)
    keys.DATA_KEYS = {2: KEYS[2]}
    with pytest.raises(Tampered, match="没有第 1 版数据密钥"):
        open_(old, aad=AAD)


@pytest.mark.parametrize("key", ["", "11" * 16, "zz" * 32, b"short"])
def test_a_key_of_the_wrong_size_is_a_clear_configuration_error(
    keys: Settings, key: str | bytes
) -> None:
    keys.DATA_KEYS = {1: key}
    with pytest.raises(ImproperlyConfigured, match="数据密钥应为 32 字节（64 位十六进制数字）"):
        seal("x", aad=AAD)


def test_no_keys_at_all_is_a_clear_configuration_error(keys: Settings) -> None:
    keys.DATA_KEYS = {}
    with pytest.raises(ImproperlyConfigured, match="DATA_KEYS 为空"):
        seal("x", aad=AAD)


def test_the_checks_find_nothing_wrong_with_good_keys(keys: Settings) -> None:
    keys.DATA_KEYS = KEYS
    assert crypto.check_keys() == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "DATA_KEYS 为空：至少要有一把数据密钥"),
        ({1: "11"}, "数据密钥应为 32 字节（64 位十六进制数字）"),
        ({0: "11" * 32}, "数据密钥的版本应在 1 到 255 之间：[0]"),
    ],
)
def test_the_checks_report_keys_that_cannot_be_used(
    keys: Settings, given: dict[int, str], message: str
) -> None:
    keys.DATA_KEYS = given
    assert [(found.id, found.msg) for found in crypto.check_keys()] == [("core.E010", message)]


def test_files_are_sealed_as_they_are(keys: Settings) -> None:
    content = bytes(range(256)) * 1000
    sealed = crypto.seal_bytes(content, aad=AAD, purpose="import")
    assert crypto.open_bytes(sealed, aad=AAD, purpose="import") == content
    assert len(sealed) == len(content) + 29
    with pytest.raises(Tampered):
        crypto.open_bytes(sealed, aad=AAD, purpose="export")


def test_the_blind_index_is_the_same_for_equal_values_of_one_column_only() -> None:
    one = blind_index("620102195611120586", purpose="branches_member.id_number")
    assert len(one) == 32
    assert one == blind_index("620102195611120586", purpose="branches_member.id_number")
    assert one != blind_index("620102195611120587", purpose="branches_member.id_number")
    assert one != blind_index("620102195611120586", purpose="branches_member.phone")


def test_the_blind_index_depends_on_its_key(keys: Settings) -> None:
    one = blind_index("620102195611120586", purpose="member")
    keys.DATA_INDEX_KEY = "88" * 32
    assert blind_index("620102195611120586", purpose="member") != one


def test_the_blind_index_survives_new_and_retired_data_keys(keys: Settings) -> None:
    one = blind_index("620102195611120586", purpose="member")
    keys.DATA_KEYS = {3: KEYS[3]}
    assert blind_index("620102195611120586", purpose="member") == one


def test_without_an_index_key_the_lowest_data_key_stands_in(keys: Settings) -> None:
    keys.DATA_INDEX_KEY = KEYS[1]
    one = blind_index("620102195611120586", purpose="member")
    keys.DATA_INDEX_KEY = ""
    keys.DATA_KEYS = KEYS
    assert blind_index("620102195611120586", purpose="member") == one
