"""Receipts and invoices from elsewhere, and till slips: read by what stands on each line, in many languages."""
