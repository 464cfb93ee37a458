"""Sealing personal data: SM4-GCM envelopes, and a keyed index to find what is sealed.

An envelope is `version (1 byte) + nonce (12) + ciphertext + tag (16)`. The version names the
master key in `settings.DATA_KEYS` (version 1–255 → 32 bytes, or 64 hexadecimal digits): the
highest seals, every one of them opens. Each purpose has a subkey of its own (HKDF-SM3), so what
was sealed for one cannot be opened as another.

The blind index is HMAC-SM3 under `settings.DATA_INDEX_KEY`, a key apart from the data keys:
rotating those leaves every index as it is. Where it is unset, the lowest data key stands in; set
it to that key's value before the lowest data key is retired.
"""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from core.codes import mask_id, mask_name, mask_phone

__all__ = [
    "CryptoUnavailable",
    "Tampered",
    "blind_index",
    "current_version",
    "mask_id",
    "mask_name",
    "mask_phone",
    "open_",
    "open_bytes",
    "seal",
    "seal_bytes",
    "self_test",
    "version_of",
]

_NONCE = 12
_TAG = 16
_OVERHEAD = 1 + _NONCE + _TAG
_FIELD = "field"

# RFC 8998, appendix A.1.
_RFC_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
_RFC_NONCE = bytes.fromhex("00001234567800000000abcd")
_RFC_AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
_RFC_PLAIN = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8) + (
    bytes.fromhex("ee" * 8 + "aa" * 8)
)
_RFC_CIPHER = bytes.fromhex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
)
_RFC_TAG = bytes.fromhex("83de3541e4c2b58177e065a9bf7b62ec")


class Tampered(Exception):
    """A sealed value does not open: changed, moved to another row, or its key is gone."""


class CryptoUnavailable(RuntimeError):
    """The installed `cryptography` lacks SM4-GCM or SM3, or computes them wrongly."""


def self_test() -> None:
    """Check SM4-GCM against RFC 8998; raise CryptoUnavailable when it is missing or wrong.

    A build of `cryptography` from source may lack the Chinese algorithms its wheels carry.
    """
    try:
        cipher = Cipher(algorithms.SM4(_RFC_KEY), modes.GCM(_RFC_NONCE)).encryptor()
        cipher.authenticate_additional_data(_RFC_AAD)
        sealed = cipher.update(_RFC_PLAIN) + cipher.finalize()
        right = (sealed, cipher.tag) == (_RFC_CIPHER, _RFC_TAG)
        hmac.HMAC(_RFC_KEY, hashes.SM3()).finalize()
    except UnsupportedAlgorithm as missing:
        raise CryptoUnavailable(
            "已安装的 cryptography 不含国密算法 SM4/SM3，请改装官方 wheel 包（不要自行编译）"
        ) from missing
    if not right:
        raise CryptoUnavailable("SM4-GCM 自检未通过（RFC 8998），请重新安装 cryptography")


@checks.register(checks.Tags.security)
def check_keys(**_: object) -> list[checks.CheckMessage]:
    """Report ciphers that do not work and keys that cannot be used, before anything is sealed."""
    try:
        self_test()
        current_version()
        for key in (*settings.DATA_KEYS.values(), _index_master()):
            _derive(key, "check", 16)
        outside = [version for version in settings.DATA_KEYS if not 1 <= version <= 255]
        if outside:
            raise ImproperlyConfigured(f"数据密钥的版本应在 1 到 255 之间：{outside}")
    except (CryptoUnavailable, ImproperlyConfigured) as wrong:
        return [checks.Critical(str(wrong), id="core.E010")]
    return []


def current_version() -> int:
    """Return the version that seals: the highest in `settings.DATA_KEYS`."""
    if not settings.DATA_KEYS:
        raise ImproperlyConfigured("DATA_KEYS 为空：至少要有一把数据密钥")
    highest: int = max(settings.DATA_KEYS)
    return highest


def version_of(sealed: bytes) -> int:
    """Return the key version an envelope was sealed with."""
    return sealed[0]


def seal(plaintext: str, *, aad: bytes, purpose: str = _FIELD) -> bytes:
    """Return the envelope of a text, bound to `aad` (where it belongs) and to its purpose.

    The same text sealed twice gives different envelopes. `aad` is not stored: `open_` needs the
    same bytes again.
    """
    return seal_bytes(plaintext.encode(), aad=aad, purpose=purpose)


def open_(sealed: bytes, *, aad: bytes, purpose: str = _FIELD) -> str:
    """Return the text of an envelope; Tampered if one bit, the `aad` or the purpose differs."""
    return open_bytes(sealed, aad=aad, purpose=purpose).decode()


def seal_bytes(content: bytes, *, aad: bytes, purpose: str) -> bytes:
    """Return the envelope of bytes, such as a file waiting for its import."""
    version = current_version()
    nonce = os.urandom(_NONCE)
    cipher = Cipher(_cipher(settings.DATA_KEYS[version], purpose), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(aad)
    body = cipher.update(content) + cipher.finalize()
    return b"".join((version.to_bytes(), nonce, body, cipher.tag))


def open_bytes(sealed: bytes, *, aad: bytes, purpose: str) -> bytes:
    """Return the bytes of an envelope; Tampered as with `open_`."""
    sealed = bytes(sealed)
    if len(sealed) < _OVERHEAD:
        raise Tampered("密文不完整")
    master = settings.DATA_KEYS.get(sealed[0])
    if master is None:
        raise Tampered(f"没有第 {sealed[0]} 版数据密钥")
    nonce, body, tag = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE : -_TAG], sealed[-_TAG:]
    cipher = Cipher(_cipher(master, purpose), modes.GCM(nonce, tag)).decryptor()
    cipher.authenticate_additional_data(aad)
    try:
        return cipher.update(body) + cipher.finalize()
    except InvalidTag as broken:
        raise Tampered("密文被改动或不属于这一行") from broken


def blind_index(value: str, *, purpose: str) -> bytes:
    """Return the 32-byte keyed fingerprint of a value, by which equal values find each other.

    `purpose` names the column: the same value in two columns has two fingerprints. Give the
    canonical form of the value; without the key it can be neither read nor guessed at.
    """
    keyed = _indexer(_index_master(), purpose).copy()
    keyed.update(value.encode())
    return keyed.finalize()


def _index_master() -> bytes | str:
    given: bytes | str | None = getattr(settings, "DATA_INDEX_KEY", None)
    return given or settings.DATA_KEYS[min(settings.DATA_KEYS)]


@lru_cache(maxsize=256)
def _cipher(master: bytes | str, purpose: str) -> algorithms.SM4:
    return algorithms.SM4(_derive(master, f"seal:{purpose}", 16))


@lru_cache(maxsize=256)
def _indexer(master: bytes | str, purpose: str) -> hmac.HMAC:
    return hmac.HMAC(_derive(master, f"index:{purpose}", 32), hashes.SM3())


def _derive(master: bytes | str, info: str, length: int) -> bytes:
    """Return a subkey of a master key; the first call in a process runs the self-test."""
    _tested()
    try:
        key = bytes.fromhex(master) if isinstance(master, str) else bytes(master)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured("数据密钥应为 32 字节（64 位十六进制数字）")
    return HKDF(hashes.SM3(), length, salt=None, info=info.encode()).derive(key)


@lru_cache(maxsize=1)
def _tested() -> None:
    self_test()
