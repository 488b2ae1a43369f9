"""A plain client for comparison: what the RAFT paper's script does against an endpoint.

A pool of threads, the SDK's own retries, and for each chunk one request for five questions, then one request for each
answer, all with max_tokens 512. Against the tests' server:

    python -m tests.servers.openai --port 8000 --tpm 100000 --latency 1-3
    python bench/plain_pool.py --url http://127.0.0.1:8000/v1 --workers 16
"""

import argparse
import json
import random
import threading
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai

QUESTIONS = 5
MAX_TOKENS = 512
WORDS = 520  # of made-up text: about 600 tokens
ASK = (
    "You are a synthetic question-answer pair generator. Given a chunk of context about some topic(s), generate "
    "{count} example questions a user could ask and would be answered using information from the chunk. The questions "
    "should be able to be answered in a few words or less. Include only the questions in your response."
)
ANSWER = (
    "Question: {question}\nContext: {chunk}\n\nAnswer this question using the information given in the context above. "
    "Here is things to pay attention to:\n- First provide step-by-step reasoning on how to answer the question.\n- In "
    "the reasoning, if you need to copy paste some sentences from the context, include them in ##begin_quote## and "
    "##end_quote##. This would mean that things outside of ##begin_quote## and ##end_quote## are not directly copy "
    "paste from the context.\n- End your response with final answer in the form <ANSWER>: $answer, the answer should "
    'be succinct.\nYou MUST begin your final answer with the tag "<ANSWER>:".'
)
SYLLABLES = ("ber", "tin", "mar", "lo", "sen", "da", "vor", "ni", "cal", "pe", "run", "so", "hat", "el", "mun", "ti")

KNOWN = "the office of inspected ships in spring and found that pilots renew a licence every month unless they"


def made_chunks(count: int, seed: int = 0) -> list[str]:
    """So many texts of about 600 tokens, always the same."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.choice((1, 2)))) for _ in range(3000)]
    known = KNOWN.split()
    choices = (
        [chance.choice(known if chance.random() < 0.7 else vocabulary) for _ in range(WORDS)] for _ in range(count)
    )
    return [f"Record {number}. {' '.join(words).capitalize()}." for number, words in enumerate(choices)]


class PlainPool:
    """Works on chunks as raft.py does, and counts what is sent: retries by the SDK are requests too."""

    def __init__(self, url: str, model: str) -> None:
        self.model = model
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()
        http = openai.DefaultHttpxClient(event_hooks={"request": [self.sent], "response": [self.received]})
        self.sdk = openai.OpenAI(base_url=url, api_key="none", http_client=http)

    def sent(self, _: Any) -> None:
        """Counts a request on its way."""
        with self.lock:
            self.counts["requests"] += 1

    def received(self, response: Any) -> None:
        """Counts an answer by its status."""
        with self.lock:
            self.counts[f"status_{response.status_code}"] += 1

    def ask(self, messages: Any) -> str:
        """The text of a reply. Raises openai.OpenAIError when the SDK gives up."""
        reply = self.sdk.chat.completions.create(
            model=self.model, messages=messages, max_tokens=MAX_TOKENS, temperature=0
        )
        with self.lock:
            self.counts["tokens"] += reply.usage.total_tokens if reply.usage else 0
        return reply.choices[0].message.content or ""

    def work(self, chunk: str) -> None:
        """The rows of a chunk; a request that fails costs its row, or all rows of its chunk."""
        try:
            system = {"role": "system", "content": ASK.format(count=QUESTIONS)}
            lines = self.ask([system, {"role": "user", "content": chunk}]).splitlines()
        except openai.OpenAIError:
            self.lose(QUESTIONS)
            return
        for question in [line for line in lines if line.strip()][:QUESTIONS]:
            try:
                self.ask([{"role": "user", "content": ANSWER.format(question=question, chunk=chunk)}])
                with self.lock:
                    self.counts["rows"] += 1
            except openai.OpenAIError:
                self.lose(1)

    def lose(self, count: int) -> None:
        """Counts rows that nobody will ever see."""
        with self.lock:
            self.counts["rows_lost"] += count


def measure(url: str, workers: int, chunks: int, model: str = "gpt-4o-mini") -> dict[str, Any]:
    """Wall time in seconds, tokens, requests, those answered 429, rows made and lost, for `chunks` texts."""
    pool = PlainPool(url, model)
    texts = made_chunks(chunks)
    started = time.perf_counter()
    with pool.sdk, ThreadPoolExecutor(workers) as threads:
        list(threads.map(pool.work, texts))
    counts = pool.counts
    return {
        "workers": workers,
        "chunks": chunks,
        "wall_s": round(time.perf_counter() - started, 2),
        "tokens": counts["tokens"],
        "requests": counts["requests"],
        "answered_429": counts["status_429"],
        "share_429": round(counts["status_429"] / max(1, counts["requests"]), 4),
        "rows": counts["rows"],
        "rows_lost": counts["rows_lost"],
    }


def server_stats(url: str) -> dict[str, Any]:
    """What the tests' server saw."""
    with urllib.request.urlopen(f"{url.rstrip('/').removesuffix('/v1')}/stats") as answer:
        return dict(json.load(answer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="the endpoint, ending in /v1")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--chunks", type=int, default=200)
    parser.add_argument("--model", default="gpt-4o-mini")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    asked = parser.parse_args()
    figures = json.dumps(measure(asked.url, asked.workers, asked.chunks, asked.model))
    if asked.json:
        asked.json.write_text(figures + "\n", encoding="utf-8")
    print(figures)


if __name__ == "__main__":
    main()
