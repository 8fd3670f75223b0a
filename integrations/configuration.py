"""The configuration files: config/people.yaml, config/company.yaml, config/policy.yaml."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Generic, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from stdnum.cn import uscc

from core.directory import Directory, Entity, Person, Role
from core.errors import Expected
from core.ids import PersonId
from core.invoice import Severity
from core.messages import Message, Term, named
from core.policy import SEVERITIES, AutoApproval, Category, Policy

Shape = TypeVar("Shape", bound=BaseModel)
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Amount = Annotated[Decimal, BeforeValidator(str), Field(ge=0, max_digits=14, decimal_places=2)]
Place = tuple[int | str, ...]
"""The way to a value: ("people", 3, "manager")."""


class ConfigurationError(Expected):
    """Files that cannot be used: which, where in them, and what is wrong, a line each."""

    code = "E-CONFIG"

    def __init__(self, problems: Iterable[Message]) -> None:
        told = tuple(problems)
        message = told[-1]
        for problem in reversed(told[:-1]):
            message = Message("{first}\n{rest}", first=problem, rest=message)
        super().__init__(message, detail="\n".join(map(_english, told)))
        self.problems = told


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Person(_Strict):
    id: Key
    name: str = Field(min_length=1, max_length=60)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    entity: Key
    manager: Key | None = None
    roles: tuple[Role, ...] = ()
    cost_centre: Key | None = None
    slack: str | None = Field(None, pattern=r"^[UW][A-Z0-9]{5,}$")
    active: bool = True


class _People(_Strict):
    team: str = Field(pattern=r"^T[A-Z0-9]{5,}$")
    people: tuple[_Person, ...] = Field(min_length=1)


class _Entity(_Strict):
    id: Key
    name: str = Field(min_length=1, max_length=100)
    tax_id: str


class _Company(_Strict):
    entities: tuple[_Entity, ...] = Field(min_length=1)


class _Name(_Strict):
    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=60)

    def message(self) -> Message:
        return named(Term(english=self.en, chinese=self.zh))


class _Category(_Strict):
    key: Key
    name: _Name
    words: tuple[str, ...] = ()


class _Reason(_Strict):
    key: Key
    name: _Name


class _AutoApprove(_Strict):
    up_to: Amount = Decimal(200)
    monthly_cap: Amount = Decimal(1000)
    audit_sample_percent: int = Field(5, ge=0, le=100, strict=True)
    waive_verification_up_to: Amount = Decimal(200)


class _Policy(_Strict):
    auto_approve: _AutoApprove = _AutoApprove()
    second_approval_above: Amount
    note_age_days: int = Field(ge=0, strict=True)
    most_age_days: int = Field(ge=1, strict=True)
    severities: Mapping[Key, Severity] = {}
    categories: tuple[_Category, ...] = Field(min_length=1, max_length=100)
    reasons: tuple[_Reason, ...] = Field(min_length=1, max_length=100)


@dataclass(frozen=True)
class Configuration:
    """All three files, as the core knows them."""

    directory: Directory
    policy: Policy


def load_configuration(folder: Path) -> Configuration:
    """Raises ConfigurationError, naming file, line and column of every fault of the first file that has any."""
    company = _read(folder / "company.yaml", _Company)
    company.refuse(_wrong_entities(company.held))
    policy = _read(folder / "policy.yaml", _Policy)
    policy.refuse(_wrong_rules(policy.held))
    people = _read(folder / "people.yaml", _People)
    people.refuse(_wrong_people(people.held, {each.id for each in company.held.entities}))
    entities = [Entity(each.id, each.name, each.tax_id) for each in company.held.entities]
    directory = Directory(people.held.team, [_person(each) for each in people.held.people], entities)
    return Configuration(directory, _rules(policy.held))


def _person(read: _Person) -> Person:
    return Person(
        id=PersonId(read.id),
        name=read.name,
        email=read.email,
        entity=read.entity,
        manager=PersonId(read.manager) if read.manager else None,
        roles=frozenset({Role.EMPLOYEE, *read.roles}),
        cost_centre=read.cost_centre,
        slack=read.slack,
        active=read.active,
    )


def _rules(read: _Policy) -> Policy:
    content = json.dumps(read.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return Policy(
        version=hashlib.sha256(content.encode()).hexdigest()[:12],
        categories=tuple(
            Category(each.key, each.name.message(), (each.name.zh, each.name.en, *each.words))
            for each in read.categories
        ),
        reasons={each.key: each.name.message() for each in read.reasons},
        second_approval_above=read.second_approval_above,
        note_age=read.note_age_days,
        most_age=read.most_age_days,
        severities=dict(read.severities),
        auto_approve=AutoApproval(**read.auto_approve.model_dump()),
    )


Wrong = Iterator[tuple[Place, Message]]


def _wrong_entities(read: _Company) -> Wrong:
    yield from _twice(("entities", "id"), [each.id for each in read.entities])
    yield from _twice(("entities", "tax_id"), [each.tax_id for each in read.entities])
    for row, entity in enumerate(read.entities):
        if not uscc.is_valid(entity.tax_id):
            yield (
                ("entities", row, "tax_id"),
                Message("{id} is no valid tax id; it has 18 characters, the last one a check.", id=entity.tax_id),
            )


def _wrong_rules(read: _Policy) -> Wrong:
    yield from _twice(("categories", "key"), [each.key for each in read.categories])
    yield from _twice(("reasons", "key"), [each.key for each in read.reasons])
    if read.note_age_days > read.most_age_days:
        yield ("note_age_days",), Message("note_age_days must not be more than most_age_days.")
    if read.auto_approve.monthly_cap < read.auto_approve.up_to:
        yield ("auto_approve", "monthly_cap"), Message("monthly_cap must not be less than up_to.")
    for code in read.severities:
        if code not in SEVERITIES:
            yield (
                ("severities", code),
                Message("There is no check {code}. Checks: {known}.", code=code, known=tuple(SEVERITIES)),
            )


def _wrong_people(read: _People, entities: set[str]) -> Wrong:
    managers = {each.id: each.manager for each in read.people}
    yield from _twice(("people", "id"), [each.id for each in read.people])
    yield from _twice(("people", "email"), [each.email.casefold() for each in read.people])
    yield from _twice(("people", "slack"), [each.slack for each in read.people])
    for row, person in enumerate(read.people):
        roles = set(person.roles)
        if person.entity not in entities:
            yield (
                ("people", row, "entity"),
                Message("There is no entity {id} in company.yaml.", id=person.entity),
            )
        if person.manager is not None and person.manager not in managers:
            yield ("people", row, "manager"), Message("There is no person {id} in this file.", id=person.manager)
        elif _is_own_manager(person.id, managers):
            yield ("people", row, "manager"), Message("{id} is a manager of themselves, by this chain.", id=person.id)
        if Role.CASHIER in roles and roles & {Role.REVIEWER, Role.ACCOUNTANT, Role.AUDITOR}:
            yield ("people", row, "roles"), Message("A cashier holds no other finance role.")
        if Role.REVIEWER in roles and roles & {Role.ADMIN, Role.AUDITOR}:
            yield (
                ("people", row, "roles"),
                Message("Administrators and auditors decide no claim, so no reviewer is one."),
            )
    if not any(person.active and Role.REVIEWER in person.roles for person in read.people):
        yield ("people",), Message("Nobody active has the role reviewer, so no claim could be approved.")


def _is_own_manager(person: str, managers: Mapping[str, str | None]) -> bool:
    above, seen = managers.get(person), set[str]()
    while above is not None and above != person and above not in seen:
        seen.add(above)
        above = managers.get(above)
    return above == person


def _twice(column: tuple[str, str], values: list[str | None]) -> Wrong:
    counted = Counter(value for value in values if value is not None)
    for row, value in enumerate(values):
        if value is not None and counted[value] > 1 and value in values[:row]:
            yield (column[0], row, column[1]), Message("{value} stands here twice.", value=value)


@dataclass(frozen=True)
class _File(Generic[Shape]):
    """One file as read, with its tree of places."""

    path: Path
    node: yaml.Node | None
    held: Shape

    def refuse(self, wrong: Wrong) -> None:
        """Raises ConfigurationError when anything is wrong."""
        problems = [_at(self.path, _mark(self.node, place), problem) for place, problem in wrong]
        if problems:
            raise ConfigurationError(problems)


def _read(path: Path, shape: type[Shape]) -> _File[Shape]:
    try:
        content = path.read_text(encoding="utf-8")
        node = yaml.compose(content, Loader=yaml.SafeLoader)
        data = yaml.safe_load(content)
    except OSError as problem:
        raise ConfigurationError(
            [Message("{file} cannot be read: {problem}.", file=path.name, problem=problem.strerror or "")]
        ) from problem
    except UnicodeDecodeError as problem:
        raise ConfigurationError([Message("{file} is not saved as UTF-8.", file=path.name)]) from problem
    except ValueError as problem:  # a date that no calendar has
        raise ConfigurationError(
            [_at(path, None, Message("This is no YAML ({problem}).", problem=str(problem)))]
        ) from problem
    except yaml.YAMLError as problem:
        mark = problem.problem_mark if isinstance(problem, yaml.MarkedYAMLError) else None
        detail = (problem.problem if isinstance(problem, yaml.MarkedYAMLError) else None) or str(problem)
        raise ConfigurationError(
            [_at(path, mark, Message("This is no YAML ({problem}).", problem=detail))]
        ) from problem
    problems = [_at(path, mark, problem) for mark, problem in _untidy(node, set())]
    if problems:
        raise ConfigurationError(problems)
    try:
        return _File(path, node, shape.model_validate(data))
    except ValidationError as problem:
        raise ConfigurationError(
            _at(path, _mark(node, each["loc"]), _in_words(each)) for each in problem.errors()
        ) from problem


def _untidy(node: yaml.Node | None, seen: set[int]) -> Iterator[tuple[yaml.Mark, Message]]:
    """What YAML allows and nobody means: a name given twice (the last would win), and references to other places."""
    if node is None:
        return
    if id(node) in seen:
        yield node.start_mark, Message("References (& and *) are not used in these files.")
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        names = [str(key.value) for key, _ in node.value]
        for row, (key, value) in enumerate(node.value):
            if names[row] in names[:row]:
                yield key.start_mark, Message("{value} stands here twice.", value=names[row])
            yield from _untidy(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _untidy(value, seen)


def _mark(node: yaml.Node | None, place: Place) -> yaml.Mark | None:
    """Where the innermost node on the way to a fault begins; a name that does not belong there is itself the place."""
    mark = node.start_mark if node is not None else None
    for part in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                break
            key, node = found
            mark = key.start_mark if isinstance(node, yaml.CollectionNode) else node.start_mark
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            mark = node.start_mark
        else:
            break
    return mark


def _at(path: Path, mark: yaml.Mark | None, problem: Message) -> Message:
    return Message(
        "{file}, line {line}, column {column}: {problem}",
        file=path.name,
        line=mark.line + 1 if mark else 1,
        column=mark.column + 1 if mark else 1,
        problem=problem,
    )


_FORMS = {
    "id": Message("letters, digits, - and _"),
    "key": Message("letters, digits, - and _"),
    "email": Message("an e-mail address"),
    "slack": Message("a Slack user id such as U012AB3CD"),
    "team": Message("a Slack team id such as T012AB3CD"),
}


def _in_words(error: ErrorDetails) -> Message:
    """Pydantic's complaint as a sentence."""
    name = str(next((part for part in reversed(error["loc"]) if isinstance(part, str) and part != "[key]"), ""))
    match error["type"]:
        case "missing":
            said = Message("{name} is missing here.", name=name)
        case "extra_forbidden":
            said = Message("{name} is no name this file knows.", name=name)
        case "string_type":
            said = Message("{name} must be text; numbers need quotes.", name=name)
        case "decimal_parsing" | "decimal_max_places" | "decimal_max_digits" | "decimal_type" | "finite_number":
            said = Message("{name} must be an amount such as 5000.00.", name=name)
        case "int_parsing" | "int_type" | "int_from_float":
            said = Message("{name} must be a whole number.", name=name)
        case "bool_parsing" | "bool_type":
            said = Message("{name} must be true or false.", name=name)
        case "tuple_type" | "too_short":
            said = Message("{name} must be a list with at least one entry.", name=name)
        case "model_type" | "mapping_type" | "dict_type" | "model_attributes_type":
            said = Message("Here belong names with values, such as “name: value”.")
        case _:
            said = _of_value(error, name)
    return said


def _of_value(error: ErrorDetails, name: str) -> Message:
    """The complaint about a value of the right type."""
    bounds = error.get("ctx", {})
    match error["type"]:
        case "enum":
            value, known = str(error["input"]), str(bounds["expected"])
            return Message("{name}: {value} is not known; possible: {known}.", name=name, value=value, known=known)
        case "string_pattern_mismatch":
            form = _FORMS.get(name, _FORMS["id"])
            return Message("{name}: {value} must be {form}.", name=name, value=str(error["input"]), form=form)
        case "greater_than_equal":
            return Message("{name} must be {least} or more.", name=name, least=str(bounds["ge"]))
        case "less_than_equal":
            return Message("{name} must be {most} or less.", name=name, most=str(bounds["le"]))
        case "string_too_short":
            return Message("{name} must not be empty.", name=name)
        case "string_too_long":
            return Message("{name} can have at most {most} characters.", name=name, most=str(bounds["max_length"]))
    return Message("{name}: {problem}", name=name, problem=error["msg"])


def _english(message: Message) -> str:
    """For the log and for terminals before any language is loaded."""
    return message.text.format(
        **{
            name: _english(value)
            if isinstance(value, Message)
            else ", ".join(map(str, value))
            if isinstance(value, tuple)
            else value
            for name, value in message.values.items()
        }
    )
