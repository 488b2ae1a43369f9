"""Settings with near matches, decisions."""

from pathlib import Path

import pytest

from raftune.errors import ConfigError
from raftune.project import load_settings


def project(folder: Path, text: str) -> Path:
    (folder / "raftune.toml").write_text(text, encoding="utf-8")
    return folder


def test_defaults_need_no_line(tmp_path: Path) -> None:
    settings = load_settings(project(tmp_path, ""))
    assert settings.teacher.provider == "extractive"
    assert settings.assemble.oracle_share == 0.8


def test_a_misspelt_key_is_named_with_its_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no setting assemble\.distractor") as caught:
        load_settings(project(tmp_path, "[assemble]\ndistractor = 3\n"))
    assert caught.value.advice == "Did you mean assemble.distractors?"
    assert caught.value.exit_code == 2


def test_a_wrong_value_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"assemble\.oracle_share"):
        load_settings(project(tmp_path, "[assemble]\noracle_share = 80\n"))


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="line 2"):
        load_settings(project(tmp_path, 'name = "a"\nseed = \n'))


def test_no_project_says_init(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert "raftune init" in caught.value.advice


def test_changes_on_the_command_line(tmp_path: Path) -> None:
    changes = ["assemble.distractors=2", "name=Bank", "train.epochs=1"]
    settings = load_settings(project(tmp_path, ""), changes)
    assert (settings.assemble.distractors, settings.name, settings.train.epochs) == (2, "Bank", 1)
    with pytest.raises(ConfigError, match=r"section\.key=value"):
        load_settings(tmp_path, ["distractors"])


def test_a_system_of_a_model_that_there_is_not_is_refused_before_anything_runs(tmp_path):
    (tmp_path / "raftune.toml").write_text('[predict]\nsystems = ["base", "tunde"]\n')
    with pytest.raises(ConfigError, match="'tunde' that there is not") as caught:
        load_settings(tmp_path)
    assert caught.value.advice == "Did you mean tuned?"
    (tmp_path / "raftune.toml").write_text('[predict]\nsystems = ["base", "rival"]\n[models.rival]\nmodel = "m"\n')
    assert load_settings(tmp_path).models["rival"].model == "m"


def test_a_wrong_key_of_another_model_is_named(tmp_path):
    (tmp_path / "raftune.toml").write_text('[models.rival]\nmodle = "m"\n')
    with pytest.raises(ConfigError, match=r"no setting models\.rival\.modle") as caught:
        load_settings(tmp_path)
    assert caught.value.advice == "Did you mean models.rival.model?"


@pytest.mark.parametrize("name", ["tuned", '"My model"'])
def test_a_model_that_no_system_could_name_is_refused(tmp_path, name):
    (tmp_path / "raftune.toml").write_text(f'[models.{name}]\nmodel = "m"\n')
    with pytest.raises(ConfigError, match="cannot be called"):
        load_settings(tmp_path)
