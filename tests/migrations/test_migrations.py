from sqlalchemy import inspect

from integrations.database import schema
from integrations.database.base import Base


def test_the_migrations_make_the_tables_the_code_says(database_url):
    schema.check(database_url)


def test_migrating_twice_changes_nothing(database_url):
    schema.upgrade(database_url)
    schema.check(database_url)


def test_every_table_of_ours_and_the_job_engines_stand_side_by_side(engine):
    names = set(inspect(engine).get_table_names())
    assert set(Base.metadata.tables) <= names
