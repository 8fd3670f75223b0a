"""Column types that keep on both databases what Python means: exact money, aware time, encrypted text, core values."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Enum,
    LargeBinary,
    Text,
    TypeDecorator,
    type_coerce,
)
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType

from integrations.storage.keys import Keyring
from integrations.wire import from_json, to_json

LARGEST_AMOUNT = Decimal("99999999999999.9999")
_CENT = Decimal("0.01")


class Amount(TypeDecorator[Decimal]):
    """Money as a whole number of ten-thousandths: NUMERIC is binary floating point on SQLite, where 0.1 + 0.2 ≠ 0.3.

    Takes Decimal only; more than four decimals are refused with ValueError. Gives at least two decimals.
    Sums, differences and comparisons hold; for an average divide the sum by the count in Python.
    """

    impl = BigInteger
    cache_ok = True

    class comparator_factory(BigInteger.Comparator[int]):  # noqa: N801, SQLAlchemy looks for this name
        """A sum of amounts is an amount; as a plain integer it would silently equal no Decimal."""

        def operate(self, op: OperatorType, *other: Any, **more: Any) -> ColumnElement[Any]:
            result: ColumnElement[Any] = super().operate(op, *other, **more)
            if op in (operators.add, operators.sub):
                return type_coerce(result, Amount())
            if op in (operators.mul, operators.truediv, operators.floordiv, operators.mod):
                raise TypeError("amounts are multiplied and divided in Python")
            return result

    def process_bind_param(self, value: Any, _: Dialect) -> int | None:
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"an amount is a Decimal, not {type(value).__name__}")
        scaled = value.scaleb(4)
        if not value.is_finite() or scaled != scaled.to_integral_value() or abs(value) > LARGEST_AMOUNT:
            raise ValueError("an amount is finite, below 10^14, with at most four decimals")
        return int(scaled)

    def process_result_value(self, value: Any, _: Dialect) -> Decimal | None:
        if value is None:
            return None
        amount = Decimal(value).scaleb(-4)
        cents = amount.quantize(_CENT)
        return cents if cents == amount else amount


class Moment(TypeDecorator[datetime]):
    """An aware time, UTC on the way in and out. SQLite drops the zone, so naive times are refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, _: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time has a zone")
        moment: datetime = value.astimezone(UTC)
        return moment

    def process_result_value(self, value: Any, _: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment


_keyrings: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()
"""Column types see nothing of an engine but its dialect, which is the engine's own."""


def keep_keys(engine: Engine, keyring: Keyring) -> None:
    """Let the Encrypted columns of this engine use these keys."""
    _keyrings[engine.dialect] = keyring


class Encrypted(TypeDecorator[Any]):
    """Text, or a core value as JSON, encrypted. It cannot be searched.

    `context` is "table.column": what was encrypted for one column does not decrypt in another.
    `shape` is what comes back: str, or any type that integrations/wire.py reads.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str, shape: Any = str) -> None:
        super().__init__()
        self.context = context
        self.shape = shape

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        text = value if self.shape is str else to_json(value, self.shape)
        return _keyrings[dialect].encrypt(text.encode(), self.context.encode())

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = _keyrings[dialect].decrypt(value, self.context.encode()).decode()
        return text if self.shape is str else from_json(text, self.shape)


class Json(TypeDecorator[Any]):
    """A core value as readable JSON text; `shape` is what comes back. For what is not personal."""

    impl = Text
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape

    def process_bind_param(self, value: Any, _: Dialect) -> str | None:
        return None if value is None else to_json(value, self.shape)

    def process_result_value(self, value: Any, _: Dialect) -> Any:
        return None if value is None else from_json(value, self.shape)


def word(choices: type[StrEnum]) -> Enum:
    """A column of one of the enum's values (not its names). No CHECK in the database: a new word is no migration."""
    return Enum(choices, values_callable=lambda every: [one.value for one in every], native_enum=False, length=32)
