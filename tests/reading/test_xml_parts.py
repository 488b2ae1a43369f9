import io

import pytest

from raftune.errors import DocumentError
from raftune.reading.xml_parts import attribute, child, local, parse_xml, stream_xml

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]><x>&a9;</x>'.encode()
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
PARAMETER = b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://localhost:1/a.dtd"> %a;]><x/>'


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, PARAMETER, BOMB.decode().encode("utf-16")])
def test_entities_are_refused(data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_xml(data, "a.docx")
    assert caught.value.reason == "unsafe xml"
    with pytest.raises(DocumentError) as caught:
        list(stream_xml(io.BytesIO(data), ("x",), "a.xlsx"))
    assert caught.value.reason in {"unsafe xml", "damaged"}


def test_a_document_type_without_entities_is_harmless() -> None:
    root = parse_xml(b'<!DOCTYPE x PUBLIC "-//X" "http://localhost:1/x.dtd"><x>1</x>', "a")
    assert root.text == "1"


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a>&nope;</a>", b"<a/><b/>", b"\xff\xfe", b"<a>" * 100_000])
def test_broken_xml(data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_xml(data, "a")
    assert caught.value.reason == "damaged"


def test_names_without_namespaces() -> None:
    root = parse_xml(b'<a xmlns="u" xmlns:p="v"><!-- c --><b p:k="1"><c/></b></a>', "a")
    found = child(root, "b")
    assert (local(root), attribute(found, "k"), attribute(found, "z", "?")) == ("a", "1", "?")
    assert local(child(root, "b", "c")) == "c"
    assert child(root, "b", "d") is None


def test_a_stream_gives_each_element_once() -> None:
    data = b"<a>" + b"".join(b"<b>%d</b>" % n for n in range(1000)) + b"</a>"
    assert [one.text for one in stream_xml(io.BytesIO(data), ("{*}b",), "a")] == [str(n) for n in range(1000)]
