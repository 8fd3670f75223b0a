"""Columns keep what Python means, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import StatementError

from core.messages import Message
from integrations.database.engine import create_engine
from integrations.database.types import Amount, Encrypted, Json, Moment, word
from integrations.storage.keys import Key, Keyring, NotDecrypted


class Colour(StrEnum):
    DARK_RED = "dark red"


THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("amount", Amount()),
    Column("moment", Moment()),
    Column("secret", Encrypted("things.secret")),
    Column("other_secret", Encrypted("things.other_secret")),
    Column("sentence", Encrypted("things.sentence", Message)),
    Column("open", Json(tuple[int, ...])),
    Column("colour", word(Colour)),
)
SHANGHAI = timezone(timedelta(hours=8))


@pytest.fixture
def things(engine):
    THINGS.metadata.create_all(engine)
    return engine


def keep(engine, **values):
    with engine.begin() as connection:
        connection.execute(insert(THINGS), [values])


def kept(engine, what):
    with engine.connect() as connection:
        return connection.scalar(select(what))


def test_amounts_are_exact_where_floats_are_not(things):
    keep(things, amount=Decimal("0.1"))
    keep(things, amount=Decimal("0.2"))
    assert kept(things, func.sum(THINGS.c.amount)) == Decimal("0.30")
    with things.connect() as connection:
        first, second = THINGS.alias(), THINGS.alias()
        sums = select(first.c.amount + second.c.amount).join_from(first, second, first.c.id < second.c.id)
        assert connection.scalars(sums.where(first.c.amount + second.c.amount == Decimal("0.3"))).all() == [
            Decimal("0.30")
        ]


@pytest.mark.parametrize("wrong", [lambda amount: amount * 2, lambda amount: amount / 2, lambda amount: amount % 2])
def test_amounts_are_not_multiplied_in_the_database(wrong):
    with pytest.raises(TypeError, match="in Python"):
        wrong(THINGS.c.amount)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(amount=st.decimals(-99_999_999_999_999, 99_999_999_999_999, places=4))
def test_any_amount_comes_back(things, amount):
    with things.begin() as connection:
        given_id = connection.execute(insert(THINGS).values(amount=amount)).inserted_primary_key[0]
        back = connection.scalar(select(THINGS.c.amount).where(THINGS.c.id == given_id))
    assert back == amount
    assert isinstance(back, Decimal)


@pytest.mark.parametrize("amount", ["475.80", "-0.01", "0.00", "1234.5678"])
def test_an_amount_reads_as_money(things, amount):
    keep(things, amount=Decimal(amount))
    assert str(kept(things, THINGS.c.amount)) == amount


@pytest.mark.parametrize("amount", [Decimal("0.00001"), Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 15, 1.5, 2])
def test_what_is_no_exact_amount_is_refused(things, amount):
    with pytest.raises((StatementError, TypeError)):
        keep(things, amount=amount)


def test_a_moment_comes_back_aware_and_in_utc(things):
    keep(things, moment=datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=SHANGHAI))
    back = kept(things, THINGS.c.moment)
    assert back == datetime(2026, 11, 24, 4, 0, 0, 123456, tzinfo=UTC)
    assert back.tzinfo is UTC


def test_moments_of_different_zones_compare_as_moments(things):
    keep(things, moment=datetime(2026, 11, 24, 11, 0, tzinfo=SHANGHAI))
    assert kept(things, func.count()) == 1
    assert kept(things, THINGS.c.moment < datetime(2026, 11, 24, 4, 0, tzinfo=UTC))
    assert not kept(things, THINGS.c.moment < datetime(2026, 11, 24, 10, 59, tzinfo=SHANGHAI))


def test_a_naive_time_is_refused(things):
    with pytest.raises(StatementError, match="a time has a zone"):
        keep(things, moment=datetime(2026, 11, 24, 12, 0))  # noqa: DTZ001, that is the test


def test_empty_stays_empty(things):
    keep(things, id=1)
    with things.connect() as connection:
        assert connection.execute(select(THINGS)).one() == (1, None, None, None, None, None, None, None)


def test_core_values_come_back(things):
    sentence = Message("Read at {time}.", time=datetime(2026, 11, 24, tzinfo=UTC))
    keep(things, sentence=sentence, open=(1, 2), colour=Colour.DARK_RED, secret="发票")
    with things.connect() as connection:
        row = connection.execute(select(THINGS.c.sentence, THINGS.c.open, THINGS.c.colour, THINGS.c.secret)).one()
        raw = connection.execute(text("SELECT open, colour FROM things")).one()
    assert row == (sentence, (1, 2), Colour.DARK_RED, "发票")
    assert raw == ("[1, 2]", "dark red")


def test_a_secret_moved_to_another_column_does_not_decrypt(things):
    keep(things, secret="secret")
    with things.begin() as connection:
        connection.execute(text("UPDATE things SET other_secret = secret"))
    assert kept(things, THINGS.c.secret) == "secret"
    with pytest.raises(NotDecrypted):
        kept(things, THINGS.c.other_secret)


def test_two_engines_use_their_own_keys(things, database_url):
    keep(things, secret="secret")
    other = create_engine(database_url, Keyring([Key("other", bytes(32))]))
    with pytest.raises(NotDecrypted):
        kept(other, THINGS.c.secret)
    other.dispose()
    assert kept(things, THINGS.c.secret) == "secret"
