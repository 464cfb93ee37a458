"""Search keys by pinyin."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pinyin import search_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("李小明", "lixiaoming lxm"),
        ("吕布", "lvbu lb"),
        ("买买提·吐尔逊", "maimaitituerxun mmttex"),
        ("第1党支部", "di1dangzhibu d1dzb"),
        ("Anna Lee", "annalee"),
        ("", ""),
        ("·", ""),
    ],
)
def test_a_name_is_found_by_its_whole_pinyin_and_by_initials(name: str, key: str) -> None:
    assert search_key(name) == key


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("曾国藩", "zengguofan"),
        ("曾国藩", "zgf"),
        ("单雄信", "shanxiongxin"),
        ("单雄信", "sxx"),
        ("解学士", "xiexueshi"),
        ("仇英", "qiuying"),
        ("查良镛", "zhaliangyong"),
        ("朴树", "piaoshu"),
        ("盖叫天", "gejiaotian"),
        ("乐毅", "yueyi"),
        ("翟天临", "zhaitianlin"),
        ("覃辉", "qinhui"),
        ("尉迟恭", "yuchigong"),
        ("万俟卨", "mqx"),
    ],
)
def test_a_surname_that_is_usually_misread_is_found_by_its_right_reading(
    name: str, typed: str
) -> None:
    assert typed in search_key(name).split()


def test_several_names_of_one_thing_share_a_key() -> None:
    assert search_key("中共城关区委员会", "城关区委") == (
        "zhonggongchengguanquweiyuanhui zgcgqwyh chengguanquwei cgqw"
    )


def test_the_same_words_are_not_repeated() -> None:
    assert search_key("李明", "李明") == "liming lm"


@given(st.text())
def test_any_text_has_a_key_in_small_letters_parted_by_single_blanks(text: str) -> None:
    key = search_key(text)
    assert key == " ".join(key.split())
    assert key == key.lower()


def test_fifty_thousand_names_take_no_time_to_speak_of() -> None:
    chance = random.Random(1)
    names = [
        "".join(chr(chance.randrange(0x4E00, 0x5500)) for _ in range(3)) for _ in range(50_000)
    ]
    search_key("".join(map(chr, range(0x4E00, 0x5500))))
    began = time.process_time()
    for name in names:
        search_key(name)
    assert time.process_time() - began < 2
