from pathlib import Path

from raftune.examining.subjects import addressed, others, subjects
from raftune.project import Settings

URL = "http://127.0.0.1:1/v1"
HERE = {"base_url": URL, "model": "m"}


def settings(**sections: object) -> Settings:
    return Settings.model_validate(sections)


def test_roles_with_the_same_model_are_one_subject() -> None:
    found = subjects(settings(teacher={"provider": "openai", **HERE}, judge=HERE, vision=HERE))
    assert [(one.roles, one.kind) for one in found] == [(("teacher", "judge"), "chat"), (("vision",), "vision")]


def test_another_key_or_another_model_is_another_subject() -> None:
    teacher = {"provider": "openai", **HERE}
    assert len(subjects(settings(teacher=teacher, judge=HERE | {"key_variable": "OTHER"}))) == 2
    assert len(subjects(settings(teacher=teacher, judge=HERE | {"model": "n"}))) == 2


def test_a_served_student_is_asked_plain_and_tuned() -> None:
    served = {"base_url": URL, "base": "plain", "tuned": "mine"}
    found = subjects(settings(student={"engine": "served", "served": served}))
    assert [(one.name, one.model) for one in found] == [("student", "plain"), ("tuned student", "mine")]


def test_without_endpoints_there_is_nobody_to_ask(tmp_path: Path) -> None:
    assert subjects(settings()) == []
    assert [check.state for check in others(settings(), tmp_path)] == ["ok"]


def test_files_that_roles_need_have_to_be_there(tmp_path: Path) -> None:
    local = settings(teacher={"provider": "llama_cpp", "model": "m", "path": "teacher.gguf"})
    assert [(check.state, check.code) for check in others(local, tmp_path)] == [("fail", 2)]
    (tmp_path / "teacher.gguf").write_bytes(b"GGUF")
    assert [check.state for check in others(local, tmp_path)] == ["ok"]


def test_a_role_without_a_model_is_a_failed_check(tmp_path: Path) -> None:
    found = [check for check in others(settings(embedder={"provider": "openai"}), tmp_path) if check.state == "fail"]
    assert [check.advice for check in found] == ["Set embedder.model in raftune.toml."]


def test_an_address_with_a_password_is_refused_without_it() -> None:
    [subject] = subjects(settings(teacher={"provider": "openai", "base_url": "http://me:hidden@h/v1", "model": "m"}))
    check = addressed(subject)
    assert check is not None
    assert check.code == 2
    assert "hidden" not in check.words + check.advice
