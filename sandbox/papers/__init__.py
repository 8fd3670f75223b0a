"""Invented invoices as files: drawn, photographed, spoilt. For the sandbox and for tests."""
