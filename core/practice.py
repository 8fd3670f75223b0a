"""Practice: a sample invoice that goes through everything but the OA, and is no invoice anywhere else."""

from datetime import date, timedelta

from core.directory import Entity

NAME = "practice.pdf"
"""What the sample is called on cards. script/practice_sample.py draws it from these values."""
NUMBER = "26119999999999999999"
DAY = date(2026, 11, 2)
BUYER = Entity("practice", "练习科技（北京）有限公司", "91110108MAL0JDR22M")
SELLER = Entity("seller", "练习文具（北京）有限公司", "91110105MAG3HM2D0X")
"""Invented: their tax ids close, and belong to nobody."""
TODAY = DAY + timedelta(days=9)
"""When and by BUYER the sample is checked, so that it never grows old and is billed to the right company."""
PRETEND_AFTER = timedelta(seconds=4)
"""How long the pretend approver thinks: long enough to see that it waits for somebody."""
