from hypothesis import given
from hypothesis import strategies as st

from raftune.serving.pages import page


@given(st.integers(0, 30), st.integers(1, 10))
def test_pages_together_are_the_list(count, limit):
    rows, found, after = [f"r{number}" for number in range(count)], [], None
    while True:
        part = page(rows, str, lambda row: {"id": row}, after, limit)
        found += [one["id"] for one in part["data"]]
        if not part["has_more"]:
            break
        assert len(part["data"]) == limit
        after = part["last_id"]
    assert found == rows


def test_an_empty_page_has_no_ends():
    assert page([], str, dict, None, 5) == {
        "object": "list",
        "data": [],
        "has_more": False,
        "first_id": None,
        "last_id": None,
    }
