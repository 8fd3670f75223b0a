"""What the documents say exists, and what exists is documented."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
DOCUMENTS = (*READMES, ROOT / "CHANGELOG.md", ROOT / "sandbox" / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
HEADINGS = ["Context", "Decision", "Measured", "Consequences", "Alternatives"]
LONGEST_DECISION = 70
TOP = {path.name for path in ROOT.iterdir()} - {"data"}
"""The first words of a path of ours; data/ is there only once the program has run."""

_LINK = re.compile(r"(?P<picture>!?)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_VARIABLE = re.compile(r"\b(?:PIAOBOT|SLACK)_[A-Z_]+\b")
_COMMAND = re.compile(r"script/piaobot +([a-z]+(?: [a-z]+)?)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links(path: Path) -> Iterator[tuple[bool, Path]]:
    """Whether it is a picture, and the file of ours it leads to."""
    for found in _LINK.finditer(_FENCE.sub("", text_of(path))):
        target = found["target"].partition("#")[0]
        if target and "://" not in target and not target.startswith("mailto:"):
            yield found["picture"] == "!", (path.parent / target).resolve()


def paths_named(path: Path) -> Iterator[str]:
    """Paths of ours in `code`, and in the first words of commands in code blocks: script/test, core/{a,b}.py, core/checks/."""
    text = text_of(path)
    blocks = " ".join(_FENCE.findall(text))
    words = [word for code in _CODE.findall(_FENCE.sub("", text)) for word in code.split()]
    words += [word for word in blocks.split() if word.startswith("script/")]
    for word in words:
        first, slash, rest = word.strip(".,;:()").partition("/")
        if slash and rest and first in TOP and not set(rest) & set("*<>{}…="):
            yield f"{first}/{rest}"


def variable(field: str) -> str:
    """The environment's name for a field of Settings."""
    alias = Settings.model_fields[field].validation_alias
    return alias.choices[0] if alias else f"PIAOBOT_{field.upper()}"


def rows_of_settings() -> dict[str, list[str]]:
    """Name → the cells of its row in docs/settings.md."""
    rows = {}
    for line in text_of(ROOT / "docs" / "settings.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            rows[cells[0].strip("`")] = cells
    return rows


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_explained_with_its_default(field):
    row = rows_of_settings().get(variable(field))
    assert row is not None, f"docs/settings.md has no row for {variable(field)}"
    _, default, meaning, example = row
    said = Settings.model_fields[field].get_default()
    said = said.get_secret_value() if hasattr(said, "get_secret_value") else said
    said = f"{said:g}" if isinstance(said, float) else str(said)
    assert default == (f"`{said}`" if said else "–")
    assert meaning
    assert example


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_variable_named_is_read_by_the_program(document):
    code = "".join(text_of(path) for top in ("bot", "integrations", "sandbox") for path in (ROOT / top).rglob("*.py"))
    known = {variable(field) for field in Settings.model_fields} | set(_VARIABLE.findall(code))
    assert set(_VARIABLE.findall(text_of(document))) <= known


def test_no_two_decisions_have_the_same_number():
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_one_page_with_all_its_headings(decision):
    lines = text_of(decision).splitlines()
    assert [line[3:] for line in lines if line.startswith("## ")] == HEADINGS
    assert lines[0].startswith(f"# {decision.name[:4]} ")
    assert len(lines) <= LONGEST_DECISION
    parts = re.split(r"^## .*$", text_of(decision), flags=re.MULTILINE)[1:]
    assert all(part.strip() for part in parts), "a heading without words"


def test_the_list_of_decisions_is_complete():
    listed = [target.name for _, target in links(ROOT / "docs" / "decisions" / "README.md")]
    assert [name for name in listed if name[:4].isdigit()] == [path.name for path in DECISIONS]


def test_every_dependency_has_its_reason():
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *chain(*project["dependency-groups"].values())]
    names = [re.split(r"[\[><=~!; ]", requirement)[0] for requirement in wanted]
    page = text_of(next(path for path in DECISIONS if "dependencies" in path.name))
    assert [name for name in names if f"| {name} |" not in page] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_file_named_exists(document):
    named = {*paths_named(document), *(name_of(target) for picture, target in links(document) if not picture)}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_picture_exists(document):
    assert [name_of(target) for picture, target in links(document) if picture and not target.is_file()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_exists(document):
    from typer.main import get_command

    from bot.cli import app

    for words in _COMMAND.findall(text_of(document)):
        command = get_command(app)
        for word in words.split():
            if not hasattr(command, "commands"):
                break
            assert word in command.commands, f"there is no script/piaobot {words}"
            command = command.commands[word]


def test_both_readmes_say_the_same_things():
    english, chinese = (text_of(path) for path in READMES)
    for pattern in (r"^#+ ", r"^\|", r"^- "):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
        assert counts[0] == counts[1], pattern
    fences = [_FENCE.findall(text) for text in (english, chinese)]
    assert [re.sub(r"#.*", "", block) for block in fences[0]] == [re.sub(r"#.*", "", block) for block in fences[1]]
    targets = [[target for _, target in links(path) if target not in READMES] for path in READMES]
    assert targets[0] == targets[1]


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_a_readme_begins_with_the_two_commands_and_one_picture(readme):
    text = text_of(readme)
    assert text.index("script/server") < text.index("script/test") < text.index("![") < text.index("\n## ")
