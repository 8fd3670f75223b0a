"""Sentences, amounts, moments and lists in the reader's language."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.messages import Message, Term
from core.money import Money
from integrations.language import Language, Languages

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "{name} asks for {total}"
msgstr "{name}报销 {total}"

msgid "Rejected"
msgstr "已拒绝"

#, fuzzy
msgid "Paid"
msgstr ""
"""


@pytest.fixture
def languages(tmp_path: Path) -> Languages:
    folder = tmp_path / "zh_CN"
    folder.mkdir()
    (folder / "a.po").write_text(PO, encoding="utf-8")
    (folder / "b.po").write_text('msgid "Saved"\nmsgstr "已保存"\n', encoding="utf-8")
    return Languages(tmp_path)


@pytest.fixture
def chinese(languages) -> Language:
    return languages.for_locale("zh-CN", time_zone="Asia/Shanghai")


@pytest.fixture
def english(languages) -> Language:
    return languages.for_locale("en-GB", time_zone="Europe/London")


def test_a_sentence_is_translated_with_its_values(chinese, english):
    said = Message("{name} asks for {total}", name="李雷", total=Money(Decimal("1475.8")))
    assert chinese.say(said) == "李雷报销 ¥1,475.80"
    assert english.say(said) == "李雷 asks for ¥1,475.80"


def test_every_catalogue_of_a_locale_counts(chinese):
    assert [chinese.say(Message(text)) for text in ("Rejected", "Saved")] == ["已拒绝", "已保存"]


def test_what_has_no_translation_is_said_in_english(chinese):
    assert chinese.say(Message("Paid")) == "Paid"


@pytest.mark.parametrize(
    ("locale", "said"),
    [("zh-CN", "已拒绝"), ("zh-TW", "已拒绝"), ("ZH", "已拒绝"), ("de-DE", "Rejected"), ("", "Rejected")],
)
def test_every_chinese_reads_chinese_and_everybody_else_english(languages, locale, said):
    assert languages.for_locale(locale, time_zone="UTC").say(Message("Rejected")) == said


@pytest.mark.parametrize(
    ("money", "in_chinese", "in_english"),
    [
        (Money(Decimal("475.80")), "¥475.80", "¥475.80"),
        (Money(Decimal("-1234567.5")), "-¥1,234,567.50", "-¥1,234,567.50"),
        (Money(Decimal(0)), "¥0.00", "¥0.00"),
        (Money(Decimal("12.5"), "USD"), "US$12.50", "$12.50"),
        (Money(Decimal("12.5"), "HKD"), "HK$12.50", "HK$12.50"),
        (Money(Decimal(1200), "JPY"), "JP¥1,200", "JPY 1,200"),
    ],
)
def test_amounts(chinese, english, money, in_chinese, in_english):
    assert chinese.show(money) == in_chinese
    assert english.show(money) == in_english


def test_moments_are_the_readers_own(chinese, english):
    moment = datetime(2026, 11, 24, 6, 2, tzinfo=UTC)
    assert chinese.show(moment) == "11-24 14:02"
    assert chinese.clock(moment) == "14:02"
    assert english.show(moment) == "11-24 06:02"


def test_days_are_written_as_on_invoices(chinese, english):
    assert chinese.show(date(2026, 8, 14)) == english.show(date(2026, 8, 14)) == "2026-08-14"


def test_lists_are_joined_as_the_language_does(chinese, english):
    names = ("李雷", Message("Rejected"), 3)
    assert chinese.show(names) == "李雷、已拒绝、3"
    assert english.show(names) == "李雷, Rejected, 3"


def test_terms_of_a_configuration_file_come_in_both_languages(chinese, english):
    term = Term("Office supplies", "办公用品")
    assert [chinese.show(term), english.show(term)] == ["办公用品", "Office supplies"]


def test_an_unknown_time_zone_is_utc(languages):
    language = languages.for_locale("en-US", time_zone="Mars/Olympus")
    assert language.show(datetime(2026, 11, 24, 6, 2, tzinfo=UTC)) == "11-24 06:02"


def test_braces_in_a_value_are_only_braces(english):
    assert english.say(Message("{name} asks for {total}", name="{total}", total="{name.secret}")) == (
        "{total} asks for {name.secret}"
    )


def test_foreign_text_cannot_turn_the_words_around_it(english):
    assert english.show("ab\u202ecd\u2066") == "abcd"
    assert english.show("שלום") == "\u2068שלום\u2069"
