"""Pages that are missing, wrong forms, and errors come as words in the user's language."""

from pathlib import Path

from tests.web.cockpits import running


def test_missing_pages_and_wrong_forms(project: Path) -> None:
    with running(project) as up:
        missing = up.get("/nowhere")
        assert missing.status_code == 404
        assert "There is no such page." in missing.text
        assert up.get("/openapi.json").status_code == 404
        wrong = up.post("/review/nonsense/decide", verdict="accept")
        assert wrong.status_code == 400
        up.post("/settings", who="Ada", language="ko", theme="light")
        assert "그런 화면은 없습니다." in up.get("/nowhere").text


def test_an_error_of_ours_says_what_to_do(project: Path) -> None:
    with running(project) as up:
        answer = up.get("/rows/nonsense")
        assert answer.status_code == 400
        assert "The stages are:" in answer.text
        part = up.client.get("/rows/nonsense", headers={"HX-Request": "true"})
        assert part.headers["hx-retarget"] == "#notice"
        assert "<html" not in part.text
