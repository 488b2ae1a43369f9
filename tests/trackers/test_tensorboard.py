from pathlib import Path

from raftune.trackers.tensorboard import plug


def read(folder: Path) -> dict[str, list[tuple[int, float]]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder))
    events.Reload()
    return {tag: [(one.step, one.value) for one in events.Scalars(tag)] for tag in events.Tags()["scalars"]}


def test_an_interrupted_run_goes_on_where_it_was_saved(tmp_path: Path) -> None:
    first = plug(tmp_path, "run")
    for step in (1, 2, 3):
        first.log(step, {"train_loss": 1.0 / step, "learning_rate": 0.5})
    first.close()
    again = plug(tmp_path, "run")
    again.log(2, {"train_loss": 0.25})
    again.close()
    found = read(tmp_path / "run")
    assert found["train_loss"] == [(1, 1.0), (2, 0.25)]
    assert [step for step, _ in found["learning_rate"]] == [1]


def test_a_run_without_steps_leaves_nothing(tmp_path: Path) -> None:
    plug(tmp_path, "run").close()
    assert not list(tmp_path.iterdir())
