"""Repository of messages with files."""

from sqlalchemy.orm import Session

from core.batch import Batch
from core.ids import BatchId
from integrations.database.rows import Rows
from integrations.database.tables import BatchRow


class SqlBatches:
    """Keeps the promises of core.ports.Batches."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows = Rows(session, BatchRow)

    def add(self, batch: Batch) -> None:
        self._rows.add(batch, _columns(batch))

    def find(self, batch_id: BatchId) -> Batch | None:
        row = self._session.get(BatchRow, batch_id)
        return None if row is None else Batch(row.id, row.owner, row.left_out, row.opened, row.version)

    def save(self, batch: Batch) -> None:
        self._rows.save(batch, _columns(batch))


def _columns(batch: Batch) -> dict[str, object]:
    return {"id": batch.id, "owner": batch.owner, "left_out": batch.left_out, "opened": batch.opened}
