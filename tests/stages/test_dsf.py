from pathlib import Path

from raftune.stages.dsf import dsf
from raftune.training.config import TrainingConfig
from tests.stages.test_predict import MODEL
from tests.stages.test_train import EXAMPLES, INPUTS, Plugs, Trainer
from tests.support import make_tools, rows_of


def test_the_same_answers_are_learned_without_documents(tmp_path: Path) -> None:
    trainer = Trainer()
    assert rows_of(dsf, make_tools(tmp_path, Plugs(trainer)), TrainingConfig(epochs=3), INPUTS[0]) == [MODEL]
    rows = trainer.job.training
    assert {row.answer for row in rows} == {row.answer for row in EXAMPLES if row.split == "train"}
    assert all((row.documents, row.quotes, row.final) == ((), (), row.reference) for row in rows)
    assert trainer.job.options["epochs"] == 3
    assert {row.split for row in trainer.job.validation} == {"validation"}
