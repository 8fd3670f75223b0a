"""Validates messages and views as Slack would: schemas, slack_sdk's validators, then the table of limits."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from sandbox.slack import limits
from sandbox.slack.workspace import Json

SCHEMAS = Path(__file__).parent / "schemas"
FILE_ID = re.compile(r"^F[A-Z0-9]{8,}$")
CHECKED_BY_SDK = {
    # slack_sdk 3.47 models neither data_table nor container; the schema alone judges those.
    *("section", "divider", "image", "actions", "context", "context_actions", "input", "file", "header"),
    *("markdown", "video", "rich_text", "table", "task_card", "plan"),
}
Surface = Literal["message", "modal", "home"]


@cache
def _schema(surface: Surface) -> Json:
    name = {"message": "MessageBlocks", "modal": "Modal", "home": "Home"}[surface]
    loaded: Json = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _block_validators() -> dict[str, Draft7Validator]:
    """One validator per block type: the union of all types would only say "matches none of 20"."""
    definitions = _schema("message")["definitions"]
    validators = {}
    for reference in definitions["KnownBlock"]["anyOf"]:
        name = reference["$ref"].rsplit("/", 1)[1]
        definition = definitions[name]
        branch = definition["anyOf"][0] if "anyOf" in definition else definition
        schema = {"definitions": definitions, "$ref": f"#/definitions/{name}"}
        validators[branch["properties"]["type"]["const"]] = Draft7Validator(schema)
    return validators


@cache
def _view_validator(surface: Surface) -> Draft7Validator:
    """The view's own properties; its blocks are judged one by one."""
    schema = _schema(surface)
    properties = {**schema["properties"], "blocks": {"type": "array"}}
    return Draft7Validator({**schema, "properties": properties})


def faults_of_message(blocks: Any) -> list[str]:
    """Everything Slack would refuse about a message's `blocks`; empty when it is fine."""
    if not isinstance(blocks, list):
        return [_said("blocks must be an array", "/blocks")]
    found = _faults_of_blocks(blocks, "/blocks")
    if len(blocks) > limits.MESSAGE_BLOCKS:
        found.append(_said(f"no more than {limits.MESSAGE_BLOCKS} items allowed, {len(blocks)} found", "/blocks"))
    return found


def faults_of_view(view: Any) -> list[str]:
    """Everything Slack would refuse about a modal or Home; empty when it is fine."""
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in {"modal", "home"}:
        return [_said("must be an object with type modal or home", "/view")]
    surface: Surface = "modal" if kind == "modal" else "home"
    found = [_readable(error, "/view") for error in _view_validator(surface).iter_errors(view)]
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        return found
    found += _faults_of_blocks(blocks, "/view/blocks")
    found += _over_limits(view, kind, "/view") + _over_limits(view, "view", "/view")
    if not 1 <= len(blocks) <= limits.VIEW_BLOCKS:
        found.append(_said(f"between 1 and {limits.VIEW_BLOCKS} items allowed, {len(blocks)} found", "/view/blocks"))
    asks = any(block.get("type") == "input" for block in blocks if isinstance(block, dict))
    if asks and kind == "modal" and not view.get("submit"):
        found.append(_said("submit is required when the view has an input block", "/view/submit"))
    return found


def view_too_large(view: Any) -> bool:
    """Whether the view is over Slack's total of 250 kB."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > limits.VIEW_BYTES


def slack_file_ids(blocks: Any) -> Iterator[tuple[str, str]]:
    """Every `slack_file` reference in blocks: ("id" or "url", its value)."""
    for node, _ in _nodes(blocks, ""):
        reference = node.get("slack_file")
        if isinstance(reference, dict):
            yield from ((key, str(value)) for key, value in reference.items())


def _faults_of_blocks(blocks: list[Any], path: str) -> list[str]:
    found: list[str] = []
    for index, block in enumerate(blocks):
        found += _faults_of_block(block, f"{path}/{index}")
    if found:
        return found
    found += _repeated(blocks, path) + _totals(blocks, path)
    for node, where in _nodes(blocks, path):
        kind = node.get("type")
        if isinstance(kind, str):
            found += _over_limits(node, kind, where) + _over_limits(node, "*", where) + _out_of_range(node, kind, where)
    return found or _refused_by_sdk(blocks, path)


def _faults_of_block(block: Any, path: str) -> list[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    validator = _block_validators().get(str(kind))
    if validator is None:
        return [_said(f"unsupported type: {kind}", f"{path}/type")]
    return [_readable(error, path) for error in validator.iter_errors(block)] + _beyond_schema(block, kind, path)


def _beyond_schema(block: Json, kind: str | None, path: str) -> list[str]:
    if kind == "section" and not block.get("text") and not block.get("fields"):
        return [_said("missing required field: text or fields", path)]
    found = []
    for node, where in _nodes(block, path):
        reference = node.get("slack_file")
        if isinstance(reference, dict):
            if len(reference) != 1:
                found.append(_said("slack_file takes exactly one of id and url", f"{where}/slack_file"))
            elif "id" in reference and not FILE_ID.match(str(reference["id"])):
                found.append(_said("invalid slack file", f"{where}/slack_file"))
        if node.get("type") in {"static_select", "multi_static_select"} and ("options" in node) == (
            "option_groups" in node
        ):
            found.append(_said("exactly one of options and option_groups is required", where))
    return found


def _repeated(blocks: list[Json], path: str) -> list[str]:
    block_ids = Counter(block["block_id"] for block in blocks if block.get("block_id"))
    found = [_said(f"block_id {name!r} is used {n} times", path) for name, n in block_ids.items() if n > 1]
    for index, block in enumerate(blocks):
        elements = block.get("elements") if block.get("type") in {"actions", "context_actions"} else None
        action_ids = Counter(element["action_id"] for element in elements or [] if element.get("action_id"))
        where = f"{path}/{index}/elements"
        found += [_said(f"action_id {name!r} is used {n} times", where) for name, n in action_ids.items() if n > 1]
    return found


def _totals(blocks: list[Json], path: str) -> list[str]:
    """Limits over the whole message: one table, characters in tables and markdown."""
    found = []
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > limits.TABLES_PER_MESSAGE:
        found.append(_said("only one table is allowed", path))
    for kind, most in (("table", limits.TABLE_CHARACTERS), ("data_table", limits.DATA_TABLE_CHARACTERS)):
        cells = [block["rows"] for block in blocks if block["type"] == kind]
        used = sum(len(str(node["text"])) for node, _ in _nodes(cells, "") if "text" in node)
        if used > most:
            found.append(_said(f"{kind} cells hold {used} characters, {most} allowed", path))
    used = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if used > limits.MARKDOWN_CHARACTERS:
        found.append(_said(f"markdown holds {used} characters, {limits.MARKDOWN_CHARACTERS} allowed", path))
    return found


def _over_limits(node: Json, kind: str, path: str) -> list[str]:
    found = []
    for (owner, inner), (least, most) in limits.LIMITS.items():
        if owner != kind:
            continue
        for value, where in _at(node, inner, path):
            if isinstance(value, (str, list)) and not least <= len(value) <= most:
                unit = "characters" if isinstance(value, str) else "items"
                found.append(_said(f"between {least} and {most} {unit} allowed, {len(value)} found", where))
    return found


def _out_of_range(node: Json, kind: str, path: str) -> list[str]:
    return [
        _said(f"must be between {least} and {most}", f"{path}/{key}")
        for (owner, key), (least, most) in limits.RANGES.items()
        if owner == kind and key in node and not least <= node[key] <= most
    ]


def _refused_by_sdk(blocks: list[Json], path: str) -> list[str]:
    found = []
    for index, block in enumerate(blocks):
        if block["type"] not in CHECKED_BY_SDK:
            continue
        try:
            parsed = Block.parse(dict(block))
            if parsed is not None:
                parsed.to_dict()
        except SlackObjectFormationError as refused:
            found.append(_said(str(refused), f"{path}/{index}"))
    return found


def _at(node: Any, inner: str, path: str) -> Iterator[tuple[Any, str]]:
    """Values at a dotted path; `[]` after a name means each item of it."""
    head, _, rest = inner.partition(".")
    name = head.removesuffix("[]")
    value = node.get(name) if isinstance(node, dict) else None
    found = [(value, f"{path}/{name}")]
    if head.endswith("[]"):
        found = [(item, f"{path}/{name}/{n}") for n, item in enumerate(value)] if isinstance(value, list) else []
    for item, where in found:
        if rest:
            yield from _at(item, rest, where)
        elif item is not None:
            yield item, where


def _nodes(value: Any, path: str) -> Iterator[tuple[Json, str]]:
    """Every object inside `value`, with its JSON pointer."""
    if isinstance(value, dict):
        yield value, path
        for key, inner in value.items():
            yield from _nodes(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _nodes(inner, f"{path}/{index}")


def _readable(error: ValidationError, path: str) -> str:
    """The reason a person can act on: inside a union, that of the branch with the same `type`."""
    if error.context:
        fitting = [inner for inner in _branches(error) if not any(_is_other_type(one) for one in inner)]
        if fitting:
            return _readable(min(fitting, key=len)[0], path)
        kind = error.instance.get("type") if isinstance(error.instance, dict) else error.instance
        return _said(f"{kind!r} is not allowed here", _pointer(error, path))
    return _said(error.message, _pointer(error, path))


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    """The errors of a union, one list per branch."""
    found: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        found.setdefault(inner.relative_schema_path[0], []).append(inner)
    return list(found.values())


def _is_other_type(error: ValidationError) -> bool:
    """Whether this branch is about another type of object, so that its reason would mislead."""
    if error.context:
        others = [any(_is_other_type(one) for one in inner) for inner in _branches(error)]
        return not error.relative_path and all(others)
    return error.validator == "const" and list(error.relative_path) == ["type"]


def _pointer(error: ValidationError, path: str) -> str:
    return path + "".join(f"/{step}" for step in error.absolute_path)


def _said(reason: str, pointer: str) -> str:
    return f"[ERROR] {reason} [json-pointer:{pointer}]"
