"""What the test server's teacher writes passes the gates and verifiers that a project has by default."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from raftune.artifact import in_memory
from raftune.contracts import ChatReply, ChatRequest
from raftune.records import Chunk
from raftune.registry import load
from raftune.stage import Teacher
from raftune.stages.answer import AnswerConfig, answer
from raftune.stages.ask import AskConfig, ask
from raftune.stages.verify import VerifyConfig, verify
from tests.servers.openai.teacher import reply_text, schema_of
from tests.support import make_chunk, make_tools, rows_of

ENGLISH = (
    "The harbour office of {0} inspected {1} ships in the spring of 20{1} and found nearly all of them safe. "
    "Pilots at {0} renew their licence every {1} months unless they have left the country before. "
    "A lorry on the {0} ferry pays {1}0 dollars for a crossing of the bay, more than anywhere else.\n\n"
    "## Fees of {0}\n\n| Service | Fee |\n| --- | --- |\n| Anchorage in {0} for a day | {1}5 dollars |\n"
    "| Towing from {0} to the open sea | {1}7 dollars |\n\n"
    'The council of {0} wrote: "Whoever arrives at night must show a white light" and has fined {1} masters since.'
)
KOREAN = (
    "{0} 항만공단은 20{1}년 봄에 선박 {1}척을 점검하였으며 거의 모두 안전한 것으로 나타났다. "
    "{0}의 도선사는 출국한 경우를 제외하고 면허를 {1}개월마다 갱신하여야 한다. "
    "{0} 나루를 건너는 화물차는 한 번에 {1}0달러를 내며 이는 다른 곳보다 비싸다. "
    "{0} 의회는 밤에 들어오는 배가 흰 등을 켜지 않으면 벌금 {1}만 원을 물린다고 정하였다."
)
PLACES = {
    "en": ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"),
    "ko": ("가람", "나루터", "다솜", "라온", "마루", "바다"),
}
CHUNKS = [
    make_chunk(text.format(place, 21 + 2 * number), number + offset, f"{language}{number}", language)
    for language, text, offset in (("en", ENGLISH, 0), ("ko", KOREAN, 100))
    for number, place in enumerate(PLACES[language])
]


class Direct:
    """The teacher without HTTP around it."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        form = {"type": "json_schema", "json_schema": {"name": "reply", "schema": request.reply_schema}}
        body = {"model": "m", "messages": request.model_dump(mode="json")["messages"], "response_format": form}
        return ChatReply(text=reply_text(body), finish_reason="stop", prompt_tokens=1, completion_tokens=1)


class Plugs:
    def __init__(self, recipe: str, mode: str) -> None:
        self.recipe, self.mode = recipe, mode

    def teacher(self) -> Teacher:
        return Teacher("direct", Direct(), 3, reasoning=True, recipe=self.recipe, mode=self.mode)

    judge = teacher

    def gates(self, _: str, names: Sequence[str]) -> list[Any]:
        return [load("gates", name)() for name in names]

    def verifiers(self, names: Sequence[str]) -> list[Any]:
        return [load("verifiers", name)() for name in names]

    def retriever(self, name: str, _: str) -> Any:
        return load("retrievers", name)()


@pytest.mark.parametrize(
    ("recipe", "mode"), [("sentences", "combined"), ("passages", "combined"), ("passages", "separate")]
)
def test_what_it_writes_becomes_rows(tmp_path: Path, recipe: str, mode: str) -> None:
    plugs = Plugs(recipe, mode)
    chunks = in_memory("chunk", Chunk, CHUNKS)
    questions = in_memory("ask", ask.row_type, rows_of(ask, make_tools(tmp_path / "1", plugs), AskConfig(), chunks))
    answered = rows_of(answer, make_tools(tmp_path / "2", plugs), AnswerConfig(), questions, chunks)
    answers = in_memory("answer", answer.row_type, answered)
    config = VerifyConfig(verifiers=("blind", "closed_book", "judged"))
    verified = rows_of(verify, make_tools(tmp_path / "3", plugs), config, answers, chunks)
    wanted = 3 * len(CHUNKS)
    rejects = "\n".join(path.read_text() for path in tmp_path.rglob("rejects.jsonl"))
    assert (len(questions), len(answers), len(verified)) == (wanted, wanted, wanted), rejects
    assert Counter(flag for row in verified for flag in row.flags) == {}


def test_a_schema_is_found_in_the_words_of_a_prompt() -> None:
    schema = {"type": "object", "properties": {"count": {"type": "integer", "minimum": 3}}}
    body = {"messages": [{"role": "system", "content": f"Reply by this:\n{schema}".replace("'", '"')}]}
    assert schema_of(body) == schema
    assert reply_text({**body, "response_format": {"type": "json_object"}}) == '{"count":3}'


def test_without_a_schema_it_writes_text() -> None:
    body = {"messages": [{"role": "user", "content": "Please generate 3 example questions about boats and ships."}]}
    assert reply_text(body).count("?") == 3
    plain = reply_text({"messages": [{"role": "user", "content": [{"type": "text", "text": "Boats."}]}]})
    assert "<ANSWER>: Boats." in plain
