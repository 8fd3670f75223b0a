"""Batches"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0005'
down_revision: str | None = '0004'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('batches',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.Column('left_out', sa.LargeBinary(), nullable=False),
    sa.Column('opened', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batches'))
    )
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.add_column(sa.Column('position', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('same_as', sa.String(), nullable=True))
        batch_op.create_index(batch_op.f('ix_documents_owner_original'), ['owner', 'original'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_place'), ['place'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_same_as'), ['same_as'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_documents_same_as_documents'), 'documents', ['same_as'], ['id'], initially='DEFERRED', deferrable=True)

    with op.batch_alter_table('invoices', schema=None) as batch_op:
        batch_op.add_column(sa.Column('same_as', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('told_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_invoices_state_told_at_since'), ['state', 'told_at', 'since'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_invoices_same_as_invoices'), 'invoices', ['same_as'], ['id'], initially='DEFERRED', deferrable=True)



def downgrade() -> None:
    with op.batch_alter_table('invoices', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_invoices_same_as_invoices'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_invoices_state_told_at_since'))
        batch_op.drop_column('told_at')
        batch_op.drop_column('since')
        batch_op.drop_column('same_as')

    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_documents_same_as_documents'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_documents_same_as'))
        batch_op.drop_index(batch_op.f('ix_documents_place'))
        batch_op.drop_index(batch_op.f('ix_documents_owner_original'))
        batch_op.drop_column('same_as')
        batch_op.drop_column('position')

    op.drop_table('batches')
