"""The Batch API: a batch goes from validating to its end as the clock runs; nothing runs in the background."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from tests.servers.openai.storage import Storage

Body = dict[str, Any]
RUNNING = ("validating", "in_progress", "finalizing")
Answer = tuple[int, Body]
ENDPOINTS = ("/v1/chat/completions", "/chat/completions", "/v1/embeddings")


@dataclass
class BatchRules:
    """How batches go: seconds in validation and at work; `failing`, a share of the requests that fail once.

    The next `expiring` batches expire after half of their lines, the next `invalid` ones fail in validation; more than
    `enqueued_tokens` in all running batches are refused.
    """

    validating: float = 0.05
    working: float = 0.2
    failing: float = 0.0
    failing_status: int = 500
    expiring: int = 0
    invalid: int = 0
    enqueued_tokens: int | None = None
    failed: set[bytes] = field(default_factory=set)


class Batches:
    """The batches of a server; `answer` gives status and body of a line, `measure` the tokens it reserves."""

    def __init__(
        self,
        storage: Storage,
        rules: BatchRules,
        answer: Callable[[str, Body], Answer],
        measure: Callable[[Body], int],
    ) -> None:
        self.storage, self.rules = storage, rules
        self.answer, self.measure = answer, measure

    def create(self, body: Body) -> Body:
        """A new batch, validating."""
        made: Body = {
            "id": self.storage.new_id("batch"), "object": "batch", "endpoint": body["endpoint"],
            "errors": None, "input_file_id": body["input_file_id"], "completion_window": body["completion_window"],
            "status": "validating", "output_file_id": None, "error_file_id": None, "created_at": int(time.time()),
            "in_progress_at": None, "expires_at": int(time.time()) + 86400, "finalizing_at": None, "completed_at": None,
            "failed_at": None, "expired_at": None, "cancelling_at": None, "cancelled_at": None,
            "request_counts": {"total": 0, "completed": 0, "failed": 0}, "metadata": body.get("metadata"),
            "x_since": time.time(),
        }  # fmt: skip
        return self.storage.put(made)

    def get(self, name: str) -> Body | None:
        """A batch as it is by now."""
        found = self.storage.get(name)
        return None if found is None or found["object"] != "batch" else self.advanced(found)

    def page(self, query: dict[str, str]) -> Body:
        """The newest batches first, `limit` at a time, after the one named `after`."""
        rows = [self.advanced(row) for row in self.storage.of_kind("batch")]
        names = [row["id"] for row in rows]
        start = names.index(query["after"]) + 1 if query.get("after") in names else 0
        shown = rows[start : start + int(query.get("limit", 20))]
        ends = {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]} if shown else {}
        return {"object": "list", "data": shown, **ends, "has_more": start + len(shown) < len(rows)}

    def cancel(self, name: str) -> Body | None:
        """Stops a batch; what half of it gave is kept."""
        found = self.get(name)
        if found is not None and found["status"] in RUNNING:
            self.finish(found, "cancelled", share=0.5, code="batch_cancelled")
        return found

    def advanced(self, batch: Body) -> Body:
        """Takes a batch as far as its time has come."""
        elapsed = time.time() - batch["x_since"]
        if batch["status"] == "validating" and elapsed >= self.rules.validating:
            self.validate(batch)
        if batch["status"] == "in_progress" and elapsed >= self.rules.validating + self.rules.working:
            expired = self.rules.expiring > 0
            self.rules.expiring -= expired
            if expired:
                self.finish(batch, "expired", share=0.5, code="batch_expired")
            else:
                self.finish(batch, "completed")
        return batch

    def validate(self, batch: Body) -> None:
        """Looks at the whole file, and whether the queue has room."""
        lines, error = parsed_lines(self.storage.contents.get(batch["input_file_id"], b""), batch["endpoint"])
        if self.rules.invalid > 0:
            self.rules.invalid -= 1
            error = {"code": "invalid_request", "message": "The file cannot be used.", "param": None, "line": 1}
        tokens = sum(self.measure(line["body"]) for line in lines)
        queued = sum(row.get("x_tokens", 0) for row in self.storage.of_kind("batch") if row["status"] in RUNNING)
        most = self.rules.enqueued_tokens
        if error is None and most is not None and queued + tokens > most:
            message = f"Enqueued token limit reached. Limit: {most:,} enqueued tokens. Please try again later."
            error = {"code": "token_limit_exceeded", "message": message, "param": None, "line": None}
        if error is not None:
            batch.update(status="failed", failed_at=int(time.time()), errors={"object": "list", "data": [error]})
        else:
            counts = {"total": len(lines), "completed": 0, "failed": 0}
            batch.update(status="in_progress", in_progress_at=int(time.time()), request_counts=counts, x_tokens=tokens)
        self.storage.put(batch)

    def finish(self, batch: Body, status: str, share: float = 1.0, code: str = "") -> None:
        """Answers the first `share` of the lines and writes what became of all of them."""
        lines, _ = parsed_lines(self.storage.contents.get(batch["input_file_id"], b""), batch["endpoint"])
        reached = round(len(lines) * share)
        good: list[str] = []
        bad: list[str] = []
        for place, line in enumerate(lines[:reached]):
            number, body = self.line_answer(batch["endpoint"], line)
            response = {"status_code": number, "request_id": f"req-{place}", "body": body}
            (good if number == 200 else bad).append(line_out(batch, line, response, None))
        left = {"code": code, "message": "This request was not executed."}
        bad += [line_out(batch, line, None, left) for line in lines[reached:]]
        now = int(time.time())
        batch["request_counts"] = {"total": len(lines), "completed": len(good), "failed": len(bad)}
        batch.update({"status": status, f"{status}_at": now, "finalizing_at": now})
        for name, rows in (("output_file_id", good), ("error_file_id", bad)):
            if rows:
                batch[name] = self.keep_file("\n".join(rows).encode() + b"\n", f"{batch['id']}_{name}.jsonl")
        self.storage.put(batch)

    def keep_file(self, content: bytes, name: str, purpose: str = "batch_output") -> str:
        """The id of a new file."""
        made = {
            "id": self.storage.new_id("file"), "object": "file", "bytes": len(content),
            "created_at": int(time.time()), "filename": name, "purpose": purpose, "status": "processed",
        }  # fmt: skip
        return str(self.storage.put(made, content)["id"])

    def line_answer(self, endpoint: str, line: Body) -> Answer:
        """What a line gives; one of the failing share only the second time that its request is seen."""
        digest = blake2b(json.dumps(line["body"], sort_keys=True).encode(), digest_size=12).digest()
        if int.from_bytes(digest[:4], "big") / 2**32 < self.rules.failing and digest not in self.rules.failed:
            self.rules.failed.add(digest)
            error = {"message": "It failed for now.", "type": "server_error", "param": None, "code": None}
            return self.rules.failing_status, {"error": error}
        return self.answer(endpoint, line["body"])


def line_out(batch: Body, line: Body, response: Body | None, error: Body | None) -> str:
    """A line of an output or error file."""
    name = f"batch_req_{batch['id']}_{line['custom_id']}"
    made = {"id": name, "custom_id": line["custom_id"], "response": response, "error": error}
    return json.dumps(made, ensure_ascii=False)


def parsed_lines(content: bytes, endpoint: str) -> tuple[list[Body], Body | None]:
    """The requests of an input file, or none and what is wrong with it."""
    rows: list[Body] = []
    seen: set[str] = set()
    for number, line in enumerate(content.splitlines(), 1):
        try:
            row = json.loads(line.decode())  # as text: a byte order mark is refused, as at Azure
            fault = row["custom_id"] in seen or row["method"] != "POST" or row["url"] != endpoint
            seen.add(row["custom_id"])
            rows.append({"custom_id": row["custom_id"], "body": dict(row["body"])})
        except (ValueError, KeyError, TypeError):
            fault = True
        if fault:
            return [], {"code": "invalid_json_line", "message": "This line is wrong.", "param": None, "line": number}
    empty = {"code": "empty_file", "message": "The file is empty.", "param": None, "line": None}
    return rows, None if rows else empty
