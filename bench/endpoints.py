"""How fast an endpoint is used, what a kill costs, how near the estimate is, and how much memory it takes.

    python bench/endpoints.py --json [--parts quotas chunks pools kills estimate memory] [--kills 50]

All against the tests' server on loopback, which keeps quotas as OpenAI does (see CONTRIBUTING.md), on this machine's
cores, client and server as processes of their own. One JSON object as the last line:

- `quotas`: for each quota of tokens a minute, at 1 to 3 seconds latency, `quota_used` and `share_429`;
  `unlimited`: requests a second with 256 in flight, 1 second latency, no quota.
- `chunks`: 200 passages of about 600 tokens, five questions each, by `raftune run --until answer`; `pools`: the same
  by a plain thread pool that sends n + 1 requests a passage, with 2 and 16 workers.
- `kills`, `repeated_paid_calls`, `in_flight`, `byte_equal`: 50 kills of a 500-request run (endpoint_kills.py).
- `estimate`: tokens by `raftune plan` against actual ones (estimate.py).
- `memory`: peak with 1k, 10k, 100k requests.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import endpoint_kills, endpoint_quotas, estimate, plain_pool  # noqa: E402

CHUNKS = 200
WORKERS = (2, 16)
LATENCY = "1-3"
CONFIG = """\
name = "chunks"
[chunk]
splitter = "structure"
unit = "characters"
maximum = 6000
minimum = 100
[teacher]
provider = "openai"
model = "gpt-4o-mini"
base_url = "{url}"
recipe = "passages"
"""


def quotas(_: argparse.Namespace) -> dict[str, Any]:
    """Each quota in turn, then none."""
    found = {
        f"{quota:.0f}": endpoint_quotas.measure(quota, 120 if quota < 1e6 else 60) for quota in endpoint_quotas.QUOTAS
    }
    return {"quotas": found, "unlimited": endpoint_quotas.measure_unlimited()}


def chunks(_: argparse.Namespace) -> dict[str, Any]:
    """The whole of `raftune run` for 200 passages at each quota."""
    return {"chunks": {f"{quota:.0f}": run_chunks(quota) for quota in endpoint_quotas.QUOTAS}}


def run_chunks(quota: float) -> dict[str, Any]:
    """Wall time, tokens, requests, 429s and rows of a run."""
    with tempfile.TemporaryDirectory() as name, served(quota) as url:
        folder = Path(name)
        (folder / "documents").mkdir()
        texts = [f"## Part {number}\n\n{text}" for number, text in enumerate(plain_pool.made_chunks(CHUNKS))]
        (folder / "documents" / "parts.md").write_text("\n\n".join(texts), encoding="utf-8")
        (folder / "raftune.toml").write_text(CONFIG.format(url=url), encoding="utf-8")
        estimate.raftune(folder, "run", "-q", "--until", "chunk")
        begun = time.perf_counter()
        estimate.raftune(folder, "run", "-q", "--until", "answer")
        seconds = time.perf_counter() - begun
        seen = endpoint_quotas.statistics(url)
        about = json.loads(next((folder / ".raftune/objects/answer").glob("*/artifact.json")).read_text())
    return {
        "wall_s": round(seconds, 2),
        "tokens": seen["prompt_tokens"] + seen["completion_tokens"],
        "requests": seen["requests"],
        "answered_429": seen["answered_429"],
        "rows": about["rows"],
        "rejected": about["rejected"],
    }


def served(quota: float) -> Any:
    """A server with a quota."""
    return endpoint_quotas.server("--tpm", str(quota), "--latency", LATENCY)


def pools(_: argparse.Namespace) -> dict[str, Any]:
    """Thread pools, each a process with a server of its own, all side by side: they wait nearly all the time."""
    cases = [(quota, workers) for quota in endpoint_quotas.QUOTAS for workers in WORKERS]
    with ThreadPoolExecutor(len(cases)) as threads:
        rows = list(threads.map(lambda case: pool(*case), cases))
    return {"pools": [{"tokens_per_minute": quota, **row} for (quota, _), row in zip(cases, rows, strict=True)]}


def pool(quota: float, workers: int) -> dict[str, Any]:
    """One pool."""
    with served(quota) as url:
        command = [sys.executable, str(ROOT / "bench/plain_pool.py"), "--url", url, "--workers", str(workers)]
        output = subprocess.run([*command, "--chunks", str(CHUNKS)], check=True, capture_output=True, text=True).stdout
    return dict(json.loads(output.splitlines()[-1]))


def kills(options: argparse.Namespace) -> dict[str, Any]:
    """Kills, at the top of the object."""
    return endpoint_kills.measure(options.kills, seed=0)


def estimates(_: argparse.Namespace) -> dict[str, Any]:
    """Both modes."""
    return {"estimate": {mode: estimate.measure(mode, 300) for mode in ("combined", "separate")}}


def memory(_: argparse.Namespace) -> dict[str, Any]:
    """Each count in a process of its own."""
    command = [sys.executable, str(ROOT / "bench/request_memory.py"), "--json"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {"memory": json.loads(output.splitlines()[-1])}


PARTS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "quotas": quotas,
    "chunks": chunks,
    "pools": pools,
    "kills": kills,
    "estimate": estimates,
    "memory": memory,
}


def main() -> None:
    """Prints one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    for part in options.parts:
        found = PARTS[part](options)
        if not options.json:
            print(json.dumps(found), flush=True)
        figures |= found
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
