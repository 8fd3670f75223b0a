"""A workspace on your own machine: a Slack-compatible server, its web page and sample invoices.

It is an outside system: it speaks only HTTP with the bot and imports nothing of it.
"""
