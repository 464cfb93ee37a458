"""What Django says about a value that does not fit, in words that say what to do."""

from django.core import validators

# Django's own Chinese reads 确保该变量包含不超过 30 个字符 (目前字符数 42).
SENTENCES: dict[type[validators.BaseValidator], str] = {
    validators.MaxLengthValidator: "最多 %(limit_value)d 个字，现在是 %(show_value)d 个，请缩短。",
    validators.MinLengthValidator: "至少 %(limit_value)d 个字，现在是 %(show_value)d 个，请写全。",
    validators.MaxValueValidator: "不能大于 %(limit_value)s，请核对。",
    validators.MinValueValidator: "不能小于 %(limit_value)s，请核对。",
}


def say_it_plainly() -> None:
    """Give the validators our sentences; once, when the software starts."""
    for validator, sentence in SENTENCES.items():
        validator.message = sentence
    validators.ProhibitNullCharactersValidator.message = "文字里有看不见的字符，请重新输入。"
