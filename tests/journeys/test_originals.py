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


def test_a_file_of_a_zip_that_cannot_be_read_is_named_beside_the_draft_of_the_other(site):
    paper = invent("beside a file that is none", "digital_special")
    lilei = site.person(LILEI)
    sent = lilei.drop(("十一月.zip", to_zip((("发票.xml", to_xml(paper)), ("说明.txt", b"please see the other")))))
    draft = lilei.wait_for(paper.number, after=sent, within=120)
    summary = lilei.wait_for("十一月.zip › 说明.txt", after=sent, within=60)
    assert summary.ts != draft.ts
    assert "共 2 张：1 张可提交 · 1 个有问题" in summary.text_all()
    assert "E-TYPE" in summary.text_all()
