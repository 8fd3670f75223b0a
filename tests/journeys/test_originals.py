"""A ZIP of the OFD and the XML of one invoice: one record, read from its data, with nothing asked."""

from sandbox.papers import invent, to_ofd, to_xml, to_zip
from tests.journeys.people import LILEI


def test_the_ofd_and_the_xml_of_one_invoice_are_one_draft(site):
    paper = invent("one of two files", "digital_special")
    lilei = site.person(LILEI)
    sent = lilei.drop(("发票.zip", to_zip((("发票.ofd", to_ofd(paper)), ("发票.xml", to_xml(paper))))))
    draft = lilei.wait_for(paper.number, after=sent, within=120)
    shown = draft.text_all()
    assert "✓" in shown
    drafts = [message for message in lilei.messages() if message.ts > sent.ts and paper.number in message.text_all()]
    assert len(drafts) == 1
