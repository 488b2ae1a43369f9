import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.digest import canonical_json, digest, file_digest


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert digest(value) == digest(dict(reversed(value.items())))


def test_known_digests_stay() -> None:
    assert canonical_json({"b": [1, 2.5, None], "a": "항만"}) == '{"a":"항만","b":[1,2.5,null]}'
    assert (
        digest({"b": [1, 2.5, None], "a": "항만"})
        == hashlib.sha256('{"a":"항만","b":[1,2.5,null]}'.encode()).hexdigest()[:32]
    )
    assert len(digest("x", 20)) == 20


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_json_has_no_digest(value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        digest(value)


def test_a_file_s_digest(tmp_path: Path) -> None:
    data = b"x" * (1 << 20) + b"y"
    path = tmp_path / "file"
    path.write_bytes(data)
    assert file_digest(path) == hashlib.sha256(data).hexdigest()
