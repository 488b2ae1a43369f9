import pytest

from raftune.calls import call_in, is_called

CALL = "AutoModel.from_pretrained('org/name', revision='main')"


@pytest.mark.parametrize(
    ("text", "loose", "exact"),
    [
        (CALL, True, True),
        (f"Use it so:\n```python\nmodel = {CALL}\n```", True, True),
        ('AutoModel.from_pretrained("org/name", revision="main")', True, True),
        ("AutoModel.from_pretrained('org/name', torch_dtype=1, revision='main')", True, False),
        ("AutoModel.from_pretrained('org/other', revision='main')", False, False),
        ("AutoModel.from_pretrained('org/name')", False, False),
        ("AutoModel.load('org/name', revision='main')", False, False),
        ("first (see below) AutoModel.from_pretrained('org/name', revision='main')", True, True),
        ("AutoModel.from_pretrained('org/name', revision='main'", False, False),
        ("", False, False),
        ("f(" * 3000, False, False),
    ],
)
def test_what_counts_as_the_same_call(text, loose, exact):
    wanted, found = call_in(CALL), call_in(text)
    assert (found is not None and is_called(found, wanted)) is loose
    assert (found is not None and is_called(found, wanted, exactly=True)) is exact


def test_brackets_in_quotes_do_not_end_a_call():
    assert is_called(call_in("x = f(')', [1, (2)]) + 1"), call_in("f(')', [1, 2])"))
