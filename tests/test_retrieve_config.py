"""How passages are found for questions asked in earnest."""

import pytest
from pydantic import ValidationError

from raftune.retrieve_config import RetrieveConfig


def test_no_stage_depends_on_it() -> None:
    assert RetrieveConfig().identity() == {}


@pytest.mark.parametrize("given", [{"floor": 1.5}, {"passages": 0}, {"retriever": "grep"}, {"depth": 3}])
def test_what_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RetrieveConfig.model_validate(given)
