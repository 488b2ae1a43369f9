"""The pipeline is wired in one direction, and every stage has its settings."""

import inspect
import re

from raftune.pipeline import STAGES, StageSettings, pipeline
from raftune.stages.predict import PredictConfig


def test_stages_run_in_the_order_of_the_table() -> None:
    called = re.findall(r"await run\(\s*(\w+),", inspect.getsource(pipeline))
    assert called == [stage.name for stage in STAGES]


def test_every_stage_has_a_section_but_two_that_read_that_of_train() -> None:
    assert {stage.name for stage in STAGES} - set(StageSettings.model_fields) == {"estimate", "dsf"}


def test_each_local_variable_is_bound_once() -> None:
    bound = re.findall(r"^    (\w+) = await", inspect.getsource(pipeline), re.MULTILINE)
    # The report is given back, and dsf is run only where a system asks for it.
    assert len(bound) == len(set(bound)) == len(STAGES) - 2


def test_a_model_without_documents_is_trained_where_a_system_asks_it() -> None:
    assert [stage.name for stage in StageSettings().stages] == [one.name for one in STAGES if one.name != "dsf"]
    assert StageSettings(predict=PredictConfig(systems=("base", "dsf:closed"))).stages == STAGES
