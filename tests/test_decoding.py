from hypothesis import given
from hypothesis import strategies as st

from raftune.decoding import decode_text


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc"))))
def test_utf_8_always_comes_back(text: str) -> None:
    decoded = decode_text(("x" + text).encode(), cut=False)
    assert decoded == "x" + text


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_not_but_never_an_error(data: bytes) -> None:
    assert (
        decode_text(data, cut=True) is None or decode_text(data, cut=False) is None or "\0" not in str(data, "latin-1")
    )
