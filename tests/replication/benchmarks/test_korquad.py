import json

import pytest

from raftune.errors import ConfigError
from raftune.replication.benchmarks.korquad import FILE, plug
from raftune.replication.course import Sizes
from raftune.replication.replicate import excerpt_of


def article(number):
    text = f"{number}호선은 {1990 + number}년에 열렸다. 길이는 {number}0킬로미터이다. 역은 모두 {number}2개이다."
    question = {
        "id": f"q{number}",
        "question": f"{number}호선의 길이는?",
        "answers": [{"text": f"{number}0킬로미터", "answer_start": text.index(f"{number}0킬")}],
    }
    return {
        "title": f"{number}호선",
        "paragraphs": [{"context": text, "qas": [question]}, {"context": text, "qas": []}],
    }


@pytest.fixture
def folder(tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"data": [article(n) for n in range(1, 9)]}), encoding="utf-8")
    return tmp_path


def test_a_paragraph_is_cut_to_what_is_around_its_answer(folder):
    learned, asked = plug.course(folder, Sizes(3, 2, 20)).parts
    assert (len(learned.answers), len(asked.answers)) == (3, 2)
    for part in (learned, asked):
        for chunk, answer in zip(part.chunks, part.answers, strict=True):
            assert chunk.language == answer.language == "ko"
            assert answer.quotes[0].text.startswith("길이는")
            assert answer.final in chunk.text
            assert "열렸다" not in chunk.text


def test_articles_do_not_cross(folder):
    learned, asked = plug.course(folder, Sizes(4, 4, 200)).parts
    assert not {chunk.path.split()[0] for chunk in learned.chunks} & {chunk.path.split()[0] for chunk in asked.chunks}


def test_there_is_no_excerpt():
    with pytest.raises(ConfigError, match="may be passed on"):
        excerpt_of("korquad")
    with pytest.raises(ConfigError, match="cannot be read"):
        plug.course(excerpt_of("pubmedqa"), Sizes(1, 1, 100))
