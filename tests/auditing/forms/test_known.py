"""Which form a row is of."""

import pytest

from raftune.auditing.forms.known import form_of
from tests.auditing.sets import EXPORTERS, exported, gorilla, stored


@pytest.mark.parametrize("name", EXPORTERS)
def test_each_export_is_recognised(name: str) -> None:
    assert form_of(exported(name)["train"][0]).name == name


def test_own_and_foreign_rows_are_recognised() -> None:
    assert form_of(stored()[0]).name == "raftune"
    assert form_of(gorilla()["test"][0]).name == "gorilla"


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="body"):
        form_of({"body": "a"})
