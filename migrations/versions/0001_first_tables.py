"""All tables of the first version."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0001'
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('audit_entries',
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.String(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('facts', sa.String(), nullable=False),
    sa.Column('previous_hash', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entries'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entries_subject'), ['subject'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_audit_head_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('cards',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('to', sa.String(), nullable=False),
    sa.Column('posted', sa.String(), nullable=True),
    sa.Column('place', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_cards'))
    )
    with op.batch_alter_table('cards', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cards_place'), ['place'], unique=False)
        batch_op.create_index(batch_op.f('ix_cards_subject'), ['subject'], unique=False)

    op.create_table('chat_members',
    sa.Column('team_id', sa.String(), nullable=False),
    sa.Column('user_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=True),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('locale', sa.String(), nullable=False),
    sa.Column('time_zone', sa.String(), nullable=False),
    sa.Column('welcome', sa.Boolean(), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('team_id', 'user_id', name=op.f('pk_chat_members'))
    )
    with op.batch_alter_table('chat_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chat_members_person_id'), ['person_id'], unique=False)

    op.create_table('claims',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('submitter', sa.String(), nullable=False),
    sa.Column('beneficiary', sa.String(), nullable=False),
    sa.Column('payee', sa.String(), nullable=False),
    sa.Column('paying_entity', sa.String(), nullable=False),
    sa.Column('means', sa.String(length=32), nullable=False),
    sa.Column('claimed', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('lines', sa.LargeBinary(), nullable=False),
    sa.Column('plan', sa.LargeBinary(), nullable=False),
    sa.Column('by_policy', sa.Boolean(), nullable=False),
    sa.Column('policy_version', sa.String(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('purpose', sa.LargeBinary(), nullable=False),
    sa.Column('category', sa.String(), nullable=True),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('resume_at', sa.String(), nullable=True),
    sa.Column('outcome', sa.LargeBinary(), nullable=False),
    sa.Column('oa_system', sa.String(), nullable=True),
    sa.Column('oa_tenant', sa.String(), nullable=True),
    sa.Column('oa_native_id', sa.String(), nullable=True),
    sa.Column('oa_aux', sa.Text(), nullable=True),
    sa.Column('oa_version', sa.BigInteger(), nullable=False),
    sa.Column('tasks', sa.LargeBinary(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims')),
    sa.UniqueConstraint('oa_system', 'oa_tenant', 'oa_native_id', name=op.f('uq_claims_oa_system_oa_tenant_oa_native_id')),
    sa.UniqueConstraint('reference', name=op.f('uq_claims_reference'))
    )
    with op.batch_alter_table('claims', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_state_submitted_at'), ['state', 'submitted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_submitter_submitted_at'), ['submitter', 'submitted_at'], unique=False)

    op.create_table('counters',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counters'))
    )
    op.create_table('documents',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('chat_file', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=True),
    sa.Column('original', sa.String(), nullable=True),
    sa.Column('previews', sa.Text(), nullable=False),
    sa.Column('problem', sa.LargeBinary(), nullable=True),
    sa.Column('problem_code', sa.String(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('chat_file', 'place', name=op.f('uq_documents_chat_file_place'))
    )
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_documents_owner'), ['owner'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_sha256'), ['sha256'], unique=False)

    op.create_table('inbox',
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('source', 'key', name=op.f('pk_inbox'))
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbox_received_at'), ['received_at'], unique=False)

    op.create_table('oa_approvals',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('idempotency_key', sa.String(), nullable=False),
    sa.Column('draft', sa.LargeBinary(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('node', sa.Integer(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oa_approvals')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_oa_approvals_idempotency_key'))
    )
    op.create_table('subjects',
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('shown', sa.Integer(), nullable=False),
    sa.Column('holder', sa.String(), nullable=True),
    sa.Column('free_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('shown <= wanted', name=op.f('ck_subjects_shown_follows')),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_subjects'))
    )
    with op.batch_alter_table('subjects', schema=None) as batch_op:
        batch_op.create_index('ix_subjects_behind', ['subject'], unique=False, sqlite_where=sa.text('shown < wanted'), postgresql_where=sa.text('shown < wanted'))

    op.create_table('claim_assignees',
    sa.Column('claim_id', sa.String(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_claim_assignees_claim_id_claims'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('claim_id', 'person', name=op.f('pk_claim_assignees'))
    )
    with op.batch_alter_table('claim_assignees', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claim_assignees_person'), ['person'], unique=False)

    op.create_table('decisions',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('claim_id', sa.String(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.String(), nullable=False),
    sa.Column('node_id', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('verdict', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason_code', sa.String(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('where', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('slot', sa.String(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_decisions_claim_id_claims'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions')),
    sa.UniqueConstraint('slot', name=op.f('uq_decisions_slot'))
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decisions_claim_id'), ['claim_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decisions_state_effective_at'), ['state', 'effective_at'], unique=False)

    op.create_table('invoices',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('document_id', sa.String(), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('claim_id', sa.String(), nullable=True),
    sa.Column('category', sa.String(), nullable=True),
    sa.Column('purpose', sa.LargeBinary(), nullable=False),
    sa.Column('reading', sa.LargeBinary(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('identity', sa.String(), nullable=True),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('seller_tax_id', sa.String(), nullable=True),
    sa.Column('total', sa.BigInteger(), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_invoices_claim_id_claims'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_invoices_document_id_documents'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoices'))
    )
    with op.batch_alter_table('invoices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invoices_claim_id'), ['claim_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoices_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoices_identity'), ['identity'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoices_number'), ['number'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoices_owner_state'), ['owner', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoices_seller_tax_id_issued_on'), ['seller_tax_id', 'issued_on'], unique=False)

    op.create_table('oa_comments',
    sa.Column('approval_id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['approval_id'], ['oa_approvals.id'], name=op.f('fk_oa_comments_approval_id_oa_approvals')),
    sa.PrimaryKeyConstraint('approval_id', 'position', name=op.f('pk_oa_comments'))
    )
    op.create_table('oa_tasks',
    sa.Column('approval_id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('node', sa.Integer(), nullable=False),
    sa.Column('assignee', sa.String(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('comment', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['approval_id'], ['oa_approvals.id'], name=op.f('fk_oa_tasks_approval_id_oa_approvals')),
    sa.PrimaryKeyConstraint('approval_id', 'position', name=op.f('pk_oa_tasks'))
    )
    op.create_table('findings',
    sa.Column('invoice_id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('severity', sa.String(length=32), nullable=False),
    sa.Column('finding', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name=op.f('fk_findings_invoice_id_invoices'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('invoice_id', 'position', name=op.f('pk_findings'))
    )
    with op.batch_alter_table('findings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_findings_code'), ['code'], unique=False)

    op.create_table('reservations',
    sa.Column('identity', sa.String(), nullable=False),
    sa.Column('invoice_id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name=op.f('fk_reservations_invoice_id_invoices'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('identity', name=op.f('pk_reservations'))
    )
    with op.batch_alter_table('reservations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reservations_invoice_id'), ['invoice_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('reservations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reservations_invoice_id'))

    op.drop_table('reservations')
    with op.batch_alter_table('findings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_findings_code'))

    op.drop_table('findings')
    op.drop_table('oa_tasks')
    op.drop_table('oa_comments')
    with op.batch_alter_table('invoices', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invoices_seller_tax_id_issued_on'))
        batch_op.drop_index(batch_op.f('ix_invoices_owner_state'))
        batch_op.drop_index(batch_op.f('ix_invoices_number'))
        batch_op.drop_index(batch_op.f('ix_invoices_identity'))
        batch_op.drop_index(batch_op.f('ix_invoices_document_id'))
        batch_op.drop_index(batch_op.f('ix_invoices_claim_id'))

    op.drop_table('invoices')
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decisions_state_effective_at'))
        batch_op.drop_index(batch_op.f('ix_decisions_claim_id'))

    op.drop_table('decisions')
    with op.batch_alter_table('claim_assignees', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claim_assignees_person'))

    op.drop_table('claim_assignees')
    with op.batch_alter_table('subjects', schema=None) as batch_op:
        batch_op.drop_index('ix_subjects_behind', sqlite_where=sa.text('shown < wanted'), postgresql_where=sa.text('shown < wanted'))

    op.drop_table('subjects')
    op.drop_table('oa_approvals')
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inbox_received_at'))

    op.drop_table('inbox')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_documents_sha256'))
        batch_op.drop_index(batch_op.f('ix_documents_owner'))

    op.drop_table('documents')
    op.drop_table('counters')
    with op.batch_alter_table('claims', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_submitter_submitted_at'))
        batch_op.drop_index(batch_op.f('ix_claims_state_submitted_at'))

    op.drop_table('claims')
    with op.batch_alter_table('chat_members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_chat_members_person_id'))

    op.drop_table('chat_members')
    with op.batch_alter_table('cards', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cards_subject'))
        batch_op.drop_index(batch_op.f('ix_cards_place'))

    op.drop_table('cards')
    op.drop_table('audit_head')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entries_subject'))

    op.drop_table('audit_entries')
