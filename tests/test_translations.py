"""Everything a person reads exists in both languages."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CODE = ("core", "handlers", "integrations", "bot")
CHINESE = ROOT / "locales" / "zh_CN"
REBUILT = {"integrations/wire.py"}  # makes Messages from stored ones, whose sentences stand elsewhere


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every `Message(…)` in the program, with its place."""
    for package in CODE:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name in REBUILT:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
                    yield f"{name}:{node.lineno}", node


def literal(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def sentences() -> dict[str, str]:
    """Sentence → where it is first said."""
    found: dict[str, str] = {}
    for place, call in calls():
        text = literal(call)
        if text is not None:
            found.setdefault(text, place)
    return found


def entries() -> Iterator[tuple[str, Entry]]:
    for path in sorted(CHINESE.glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale="zh_CN", abort_invalid=True):
                if entry.id:
                    yield path.name, entry


def places_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_every_sentence_is_written_where_it_is_said():
    assert [place for place, call in calls() if literal(call) is None] == []


def test_every_sentence_is_given_the_values_it_names():
    wrong = []
    for place, call in calls():
        given = {keyword.arg for keyword in call.keywords}
        text = literal(call)
        if text is not None and None not in given and places_in(text) != given:
            wrong.append(f"{place}: {text}")
    assert wrong == []


def test_every_sentence_has_its_chinese():
    translated = {entry.id for _, entry in entries() if entry.string and not entry.fuzzy}
    assert {text: place for text, place in sentences().items() if text not in translated} == {}


def test_every_translation_names_the_same_values():
    wrong = [
        f"{file}: {entry.id}" for file, entry in entries() if places_in(str(entry.id)) != places_in(str(entry.string))
    ]
    assert wrong == []


def test_no_translation_outlives_its_sentence():
    said = sentences()
    assert [f"{file}: {entry.id}" for file, entry in entries() if entry.id not in said] == []


def test_no_sentence_is_translated_in_two_ways():
    ways: dict[str, set[str]] = defaultdict(set)
    for _, entry in entries():
        ways[str(entry.id)].add(str(entry.string))
    assert {sentence: chinese for sentence, chinese in ways.items() if len(chinese) > 1} == {}
