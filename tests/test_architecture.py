"""The arrows: handlers -> core <- integrations; bot wires all; the sandbox stands outside."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"bot", "handlers", "core", "integrations", "sandbox", "migrations", "tests"}
MAY_IMPORT = {
    "core": {"core"},
    "handlers": {"handlers", "core"},
    "integrations": {"integrations", "core"},
    "bot": {"bot", "handlers", "core", "integrations"},
    "sandbox": {"sandbox"},
    "migrations": {"integrations", "core"},
}
PURE_LIBRARIES = {"cn2an", "stdnum"}
INPUT_AND_OUTPUT = {
    "socket",
    "sqlite3",
    "subprocess",
    "http",
    "urllib",
    "os",
    "shutil",
    "tempfile",
    "threading",
    "asyncio",
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def files(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, f"no code in {package}/"
    return found


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_package_imports_only_what_it_may(package):
    wrong = {
        (str(path.relative_to(ROOT)), name)
        for path in files(package)
        for name in imports(path)
        if name in OURS and name not in MAY_IMPORT[package]
    }
    assert not wrong


def test_core_is_pure():
    allowed = set(sys.stdlib_module_names) - INPUT_AND_OUTPUT | PURE_LIBRARIES | {"core"}
    wrong = {
        (str(path.relative_to(ROOT)), name) for path in files("core") for name in imports(path) if name not in allowed
    }
    assert not wrong


def test_block_kit_stays_behind_the_screens():
    wrong = [
        str(path.relative_to(ROOT))
        for package in ("core", "handlers")
        for path in files(package)
        if "slack_sdk.models" in path.read_text(encoding="utf-8")
    ]
    assert not wrong
