"""The configuration files: config/people.yaml, config/company.yaml, config/policy.yaml."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.directory import Directory, Entity, Person, Role
from core.ids import PersonId
from core.invoice import Severity
from core.messages import Message, Term, named
from core.policy import Category, Policy

Shape = TypeVar("Shape", bound=BaseModel)
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Amount = Annotated[Decimal, BeforeValidator(str), Field(ge=0, max_digits=14, decimal_places=2)]


class ConfigurationError(Exception):
    """A file that cannot be used: which, where in it, and what is wrong, in words."""


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
    tax_id: str = Field(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")


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


class _Policy(_Strict):
    second_approval_above: Amount
    note_age_days: int = Field(ge=0)
    most_age_days: int = Field(ge=1)
    severities: Mapping[Key, Severity] = {}
    categories: tuple[_Category, ...] = Field(min_length=1, max_length=100)
    reasons: tuple[_Reason, ...] = Field(min_length=1, max_length=100)


@dataclass(frozen=True)
class Configuration:
    """All three files, as the core knows them."""

    directory: Directory
    policy: Policy


def load_configuration(folder: Path) -> Configuration:
    """Raises ConfigurationError, naming file, line and column."""
    people, _ = _read(folder / "people.yaml", _People)
    company, _ = _read(folder / "company.yaml", _Company)
    policy, content = _read(folder / "policy.yaml", _Policy)
    entities = [Entity(each.id, each.name, each.tax_id) for each in company.entities]
    directory = Directory(people.team, [_person(each) for each in people.people], entities)
    for problem in _inconsistent(people, directory):
        raise ConfigurationError(f"{folder / 'people.yaml'}: {problem}")
    return Configuration(directory, _rules(policy, content))


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


def _rules(read: _Policy, content: bytes) -> Policy:
    return Policy(
        version=hashlib.sha256(content).hexdigest()[:12],
        categories=tuple(Category(each.key, each.name.message(), (each.name.zh, each.name.en, *each.words)) for each in read.categories),
        reasons={each.key: each.name.message() for each in read.reasons},
        second_approval_above=read.second_approval_above,
        note_age=read.note_age_days,
        most_age=read.most_age_days,
        severities=dict(read.severities),
    )


def _inconsistent(people: _People, directory: Directory) -> Iterator[str]:
    seen: set[str] = set()
    for person in people.people:
        for name in (person.id, person.email.casefold(), person.slack):
            if name and name in seen:
                yield f"{name} stands there twice"
            seen.add(name or "")
        if person.manager and PersonId(person.manager) not in directory.people:
            yield f"{person.id}: there is no person {person.manager} to be the manager"
        if person.entity not in directory.entities:
            yield f"{person.id}: there is no entity {person.entity} in company.yaml"
        if Role.CASHIER in person.roles and set(person.roles) & {Role.REVIEWER, Role.ACCOUNTANT, Role.AUDITOR}:
            yield f"{person.id}: a cashier holds no other finance post"


def _read(path: Path, shape: type[Shape]) -> tuple[Shape, bytes]:
    try:
        content = path.read_bytes()
        node = yaml.compose(content, Loader=yaml.SafeLoader)
        return shape.model_validate(yaml.safe_load(content)), content
    except OSError as problem:
        raise ConfigurationError(f"{path} cannot be read: {problem.strerror}") from problem
    except yaml.YAMLError as problem:
        raise ConfigurationError(f"{path} is no YAML: {problem}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        line, column = _place(node, first["loc"])
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"{path}, line {line}, column {column}: {where}: {first['msg']}") from problem


def _place(node: Any, loc: tuple[int | str, ...]) -> tuple[int, int]:
    """Line and column, from 1, of the innermost node on the way to a fault."""
    for part in loc:
        inner = None
        if isinstance(node, yaml.MappingNode):
            inner = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            inner = node.value[part]
        if inner is None:
            break
        node = inner
    mark = node.start_mark if node is not None else None
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
