"""Every id is a string of its own type, so that a claim is never passed for an invoice."""

from typing import NewType

PersonId = NewType("PersonId", str)
DocumentId = NewType("DocumentId", str)
InvoiceId = NewType("InvoiceId", str)
ClaimId = NewType("ClaimId", str)
DecisionId = NewType("DecisionId", str)
BatchId = NewType("BatchId", str)
