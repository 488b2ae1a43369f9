import base64
import io

import pytest

from raftune.endpoints.keys import Keys
from raftune.examining.trying import DIGIT, digit, fits, shown
from tests.examining.endpoints import NUMBER, checks_of, subject_at
from tests.servers.openai import serving


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ((), "takes a JSON schema"),
        (("schema_refused",), "takes the schema as a tool"),
        (("schema_refused", "tools_refused"), "takes no schema, but JSON mode: the schema goes into the prompt"),
        (("schema_refused", "tools_refused", "json_mode_refused"), "takes no schema: it goes into the prompt"),
    ],
)
def test_the_way_by_which_a_schema_is_taken_is_told(faults: tuple[str, ...], words: str) -> None:
    marks = {"schema_refused": '"json_schema"', "tools_refused": '"tools"', "json_mode_refused": '"json_object"'}
    with serving(text=NUMBER) as server:
        for fault in faults:
            server.switch(fault, where=lambda request, mark=marks[fault]: mark.encode() in request.raw)
        check = checks_of(subject_at(server.url))["schema"]
    assert check.words == words
    assert check.state == ("warn" if len(faults) == 3 else "ok")


def test_a_model_that_does_not_keep_to_the_schema_is_told() -> None:
    with serving(text="seven, I think") as server:
        check = checks_of(subject_at(server.url))["schema"]
    assert check.state == "warn"
    assert "seven, I think" in check.words


def test_a_model_that_only_thinks_is_told() -> None:
    with serving("cut_off", text="<think>so the word is") as server:
        check = checks_of(subject_at(server.url))["reply"]
    assert check.state == "warn"
    assert "thinks" in check.advice


@pytest.mark.parametrize(("text", "state"), [("It is a 7.", "ok"), ("A cat", "warn")])
def test_pictures_are_shown_to_models_that_see(text: str, state: str) -> None:
    with serving(text=text) as server:
        assert checks_of(subject_at(server.url, "vision"))["pictures"].state == state
        [part] = [part for part in server.requests[0]["messages"][0]["content"] if part["type"] == "image_url"]
    assert part["image_url"]["url"] == digit()


def test_the_picture_is_one_of_a_digit() -> None:
    from PIL import Image

    picture = Image.open(io.BytesIO(base64.b64decode(digit().partition(",")[2])))
    assert picture.size == (32, 32)
    assert 20 < sum(value < 128 for value in picture.convert("L").tobytes()) < 300
    assert str(DIGIT) == "7"


def test_embeddings_are_measured() -> None:
    with serving() as server:
        check = checks_of(subject_at(server.url, "embeddings"))["vectors"]
    assert check.state == "ok"
    assert check.words.startswith("64 numbers")


def test_embeddings_of_another_length_than_was_asked_for_are_a_fault(monkeypatch) -> None:
    with serving() as server:
        check = checks_of(subject_at(server.url, "embeddings", dimensions=32))["vectors"]
        asked = server.requests[0]
    assert asked["dimensions"] == 32
    assert check.state in {"ok", "fail"}
    assert (check.state == "ok") == check.words.startswith("32 numbers")


@pytest.mark.parametrize(("text", "right"), [(NUMBER, True), ('{"number": "7"}', False), ("7", False), ("[7]", False)])
def test_only_the_shape_that_was_asked_for_fits(text: str, right: object) -> None:
    assert fits(text) is right


def test_a_key_that_a_model_repeats_is_not_shown_in_part() -> None:
    Keys().secret("repeated-key-" + "x" * 60)
    assert "repeated" not in shown("the key is repeated-key-" + "x" * 60)


def test_what_a_model_said_is_shown_short_and_harmless() -> None:
    assert shown("a\x1b[31m\nb") == "a [31m b"
    assert len(shown("word " * 50)) == 40
