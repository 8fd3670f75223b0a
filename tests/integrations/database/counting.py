"""What is asked of a database."""

from contextlib import contextmanager

from sqlalchemy import event


@contextmanager
def statements(engine):
    """Every statement until the block ends."""
    made = []

    def heard(_connection, _cursor, statement, *_rest):
        made.append(statement)

    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield made
    finally:
        event.remove(engine, "before_cursor_execute", heard)
