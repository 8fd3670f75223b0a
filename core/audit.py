"""How use cases write the audit log: who did what to which thing, with ids, codes and numbers only."""

from datetime import datetime

from core.ports import AuditEntry


def entry(now: datetime, actor: str, action: str, subject: str, **facts: object) -> AuditEntry:
    """One audit entry; facts become text."""
    return AuditEntry(
        now, actor, action, subject, {name: str(fact) for name, fact in facts.items() if fact is not None}
    )
