"""Practice"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.add_column(sa.Column('practice', sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table('invoices', schema=None) as batch_op:
        batch_op.add_column(sa.Column('practice', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint(
            op.f('ck_invoices_practice_is_no_claim'), 'NOT practice OR (claim_id IS NULL AND identity IS NULL)'
        )
    op.create_table('pretended',
    sa.Column('invoice_id', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name=op.f('fk_pretended_invoice_id_invoices'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('invoice_id', name=op.f('pk_pretended'))
    )
    with op.batch_alter_table('pretended', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pretended_due_at'), ['due_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('pretended', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pretended_due_at'))
    op.drop_table('pretended')
    with op.batch_alter_table('invoices', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_invoices_practice_is_no_claim'), type_='check')
        batch_op.drop_column('practice')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.drop_column('practice')
