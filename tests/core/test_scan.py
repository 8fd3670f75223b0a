"""What a scan gives out, and that it gives it out no more often than it helps."""

from datetime import timedelta

from core.use_cases.scan import Scan


def scan_for(office, seconds):
    """A scan every second; the jobs that show cards again."""
    scan = Scan(office.transactions, office.clock)
    for _ in range(seconds):
        scan()
        office.now += timedelta(seconds=1)
    return {key for key in office.jobs_named("show") if ":again:" in key}


def test_cards_that_wait_in_a_long_queue_do_not_make_it_longer(office):
    office.submit(office.draft(), "wang")
    again = scan_for(office, 60)
    assert len(again) == 2, again  # two half minutes


def test_cards_given_back_are_shown_as_soon_as_they_may(office):
    office.submit(office.draft(), "wang")
    with office.transactions.write() as tx:
        tx.cards.take("document:d-i1", "one", office.now)
        tx.cards.give_back("document:d-i1", "one", office.now + timedelta(seconds=5))
    assert len(scan_for(office, 5)) == 0
    assert len(scan_for(office, 1)) == 1
    with office.transactions.write() as tx:
        tx.cards.take("document:d-i1", "two", office.now)
        tx.cards.give_back("document:d-i1", "two", office.now + timedelta(seconds=3))
    assert len(scan_for(office, 4)) == 2
