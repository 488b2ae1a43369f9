"""The pipeline is wired in one direction, and every stage has its settings."""

import inspect
import re

from raftune.pipeline import STAGES, StageSettings, pipeline


def test_stages_run_in_the_order_of_the_table() -> None:
    called = re.findall(r"await run\(\s*(\w+),", inspect.getsource(pipeline))
    assert called == [stage.name for stage in STAGES]


def test_every_stage_but_the_estimate_has_a_section() -> None:
    assert {stage.name for stage in STAGES} - set(StageSettings.model_fields) == {"estimate"}


def test_each_local_variable_is_bound_once() -> None:
    bound = re.findall(r"^    (\w+) = await", inspect.getsource(pipeline), re.MULTILINE)
    assert len(bound) == len(set(bound)) == len(STAGES) - 1
