"""Replies to questions on shared documents: all together, without sharing, one by one, by llama.cpp, by transformers.

python bench/predicting.py [--data FOLDER] [--sets 4] [--questions 5] [--document-tokens 900] [--max-tokens 150]
    [--arms shared unshared separate unguessed llama_cpp transformers] [--repeats 1] [--json]

Each set has documents of about --document-tokens tokens in all and --questions questions. All arms answer the same
requests with the embedded student, greedily; seconds are medians of turns that all arms take. `shared` is the engine as
it is; `unshared` makes as many replies together but each reads its own documents; `separate` makes one at a time,
`unguessed` does so without guessing what a reply may quote next;
`llama_cpp` is a llama.cpp server in this process with its prefix cache, on the student's GGUF as it is shipped;
`transformers` is its generate. `same` is the share of replies equal to those of `separate`.
"""

import argparse
import asyncio
import json
import multiprocessing
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.generating.engine import Engine
from raftune.generating.request import Generation, Piece, Sampling
from raftune.generating.segments import Segments
from raftune.models.chat import prompt_text, token_ids
from raftune.models.student import Student, find_student, safetensors_folder
from raftune.models.weights import load_model, load_tokenizer
from raftune.prompts.raft import default_prompt
from raftune.registry import load

STUDENT, CONTEXT, DOCUMENTS = "smollm2-135m-instruct", 4096, 5
ARMS = ("shared", "unshared", "separate", "unguessed", "llama_cpp", "transformers")
Texts = list[str]


class Forgetful(Segments):
    """Keeps what is being read, and finds nothing of it for others."""

    def match(self, tokens: Sequence[int], adapter: str) -> tuple[None, int]:  # noqa: ARG002
        """Nothing."""
        return None, 0


def requests_of(data: Path, tokenizer: Any, sets: int, questions: int, document_tokens: int) -> list[ChatRequest]:
    """Real questions on real documents; those of a set follow one another."""
    with (data / "pubmedqa" / "train.jsonl").open(encoding="utf-8") as file:
        items = [json.loads(line) for line in file]
    size, made = document_tokens // DOCUMENTS, []
    for number in range(sets):
        shown = items[number * DOCUMENTS : (number + 1) * DOCUMENTS]
        documents = [cut(" ".join(part["text"] for part in item["contexts"]), tokenizer, size) for item in shown]
        for item in items[number * questions : (number + 1) * questions]:
            pairs = default_prompt().messages(documents, item["question"], "en")
            messages = tuple(ChatMessage.model_validate({"role": role, "content": text}) for role, text in pairs)
            made.append(ChatRequest(model=STUDENT, messages=messages, max_tokens=0))
    return made


def cut(text: str, tokenizer: Any, size: int) -> str:
    """The first tokens of a text."""
    return str(tokenizer.decode(tokenizer(text, add_special_tokens=False)["input_ids"][:size])).strip()


def by_engine(
    folder: Path, requests: Sequence[ChatRequest], most: int, *, together: bool, shared: bool, guessing: bool = True
) -> tuple[float, Texts, int]:
    """Seconds, texts and how many tokens were made."""
    engine = Engine(folder, context=CONTEXT)
    if not shared:
        engine.decoder.segments = Forgetful(0)
    if not guessing:
        engine.decoder.few = 0

    async def one(request: ChatRequest) -> list[Piece]:
        async with aclosing(engine.generate(Generation(request.messages, Sampling(most)))) as made:
            return [piece async for piece in made]

    async def everything() -> list[list[Piece]]:
        if together:
            return list(await asyncio.gather(*map(one, requests)))
        return [await one(request) for request in requests]

    start = time.perf_counter()
    replies = asyncio.run(everything())
    seconds = time.perf_counter() - start
    engine.close()
    return (
        seconds,
        ["".join(piece.text for piece in reply) for reply in replies],
        sum(reply[-1].completion_tokens for reply in replies),
    )


def by_llama(student: Student, requests: Sequence[ChatRequest], most: int) -> tuple[float, Texts, int]:
    """The same by llama.cpp, one after the other, so that what prompts share is read once."""
    model = load("providers", "llama_cpp")(student.gguf, context=CONTEXT)
    asked = [request.model_copy(update={"max_tokens": most}) for request in requests]

    async def everything() -> list[ChatReply]:
        return [await model.complete(request) for request in asked]

    model.server()
    start = time.perf_counter()
    replies = asyncio.run(everything())
    seconds = time.perf_counter() - start
    model.close()
    return seconds, [reply.text for reply in replies], sum(reply.completion_tokens for reply in replies)


def by_transformers(folder: Path, requests: Sequence[ChatRequest], most: int) -> tuple[float, Texts, int]:
    """The same by transformers' generate, one after the other."""
    import torch

    model, tokenizer = load_model(folder), load_tokenizer(folder)
    texts, count, start = [], 0, time.perf_counter()
    for request in requests:
        pairs = [(message.role, message.content) for message in request.messages]
        ids = torch.tensor([token_ids(tokenizer, prompt_text(tokenizer, pairs))])
        with torch.inference_mode():
            made = model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=most,
                do_sample=False,
                pad_token_id=tokenizer.eos_token_id,
            )[0, ids.shape[1] :]
        count += len(made)
        texts.append(tokenizer.decode(made, skip_special_tokens=True))
    return time.perf_counter() - start, texts, count


def arms_of(
    student: Student, requests: Sequence[ChatRequest], most: int
) -> dict[str, Callable[[], tuple[float, Texts, int]]]:
    """What each arm runs."""
    folder = safetensors_folder(student)
    return {
        "shared": lambda: by_engine(folder, requests, most, together=True, shared=True),
        "unshared": lambda: by_engine(folder, requests, most, together=True, shared=False),
        "separate": lambda: by_engine(folder, requests, most, together=False, shared=False),
        "unguessed": lambda: by_engine(folder, requests, most, together=False, shared=False, guessing=False),
        "llama_cpp": lambda: by_llama(student, requests, most),
        "transformers": lambda: by_transformers(folder, requests, most),
    }


def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    """All arms in turns."""
    student = find_student(STUDENT)
    tokenizer: Any = load_tokenizer(safetensors_folder(student))
    requests = requests_of(arguments.data, tokenizer, arguments.sets, arguments.questions, arguments.document_tokens)
    arms = arms_of(student, requests, arguments.max_tokens)
    turns = [{name: arms[name]() for name in arguments.arms} for _ in range(arguments.repeats)]
    seconds = {name: statistics.median(turn[name][0] for turn in turns) for name in arguments.arms}
    texts = {name: turns[-1][name][1] for name in arguments.arms}
    reference = texts["separate" if "separate" in texts else arguments.arms[0]]
    return {
        "questions": len(requests),
        "document_tokens": arguments.document_tokens,
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "tokens_per_second": {name: round(turns[-1][name][2] / seconds[name], 1) for name in arguments.arms},
        "tokens": {name: turns[-1][name][2] for name in arguments.arms},
        "times": {
            name: round(statistics.median(turn[name][0] / turn["shared"][0] for turn in turns), 2)
            for name in arguments.arms
            if "shared" in arguments.arms
        },
        "same": {name: sum(map(str.__eq__, found, reference)) / len(reference) for name, found in texts.items()},
        "machine": f"{platform.machine()}, {multiprocessing.cpu_count()} cores",
        "date": datetime.now(UTC).date().isoformat(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(__file__).parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=default, help="folder of pubmedqa")
    parser.add_argument("--sets", type=int, default=4)
    parser.add_argument("--questions", type=int, default=5, help="questions of a set of documents")
    parser.add_argument("--document-tokens", type=int, default=900)
    parser.add_argument("--max-tokens", type=int, default=150)
    parser.add_argument("--arms", choices=ARMS, nargs="+", default=list(ARMS))
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print the object on one line")
    arguments = parser.parse_args()
    print(json.dumps(measured(arguments), indent=None if arguments.json else 1))


if __name__ == "__main__":
    main()
