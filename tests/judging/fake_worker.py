"""Speaks as ragas_worker does, without ragas: asks once a row and metric, embeds the question, and says what it got.

What the rows' questions name makes it misbehave: "crash", "missing"; "environment" gives the names it was started with.
"""

import json
import os
import sys


def say(**message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def ask(place, **message):
    say(id=place, **message)
    return json.loads(sys.stdin.readline())


work = json.loads(sys.stdin.readline())
questions = [row["question"] for row in work["rows"]]
if "missing" in questions:
    say(missing="No module named 'ragas'")
    sys.exit()
say(version="0.0")
schema = {
    "type": "object",
    "title": "Out",
    "$defs": {"One": {"type": "object", "title": "One", "properties": {"verdict": {"type": "integer"}}}},
    "properties": {"statements": {"type": "array", "items": {"$ref": "#/$defs/One"}}},
    "required": ["statements"],
}
asked = 0
for place, row in enumerate(work["rows"]):
    if row["question"] == "crash":
        sys.exit("Traceback: it broke")
    for metric in work["metrics"]:
        reply = ask(asked, prompt=row["question"], schema=schema, number=3)
        vectors = ask(asked + 1, texts=[row["question"], row["answer"]], language=row["language"])["vectors"]
        asked += 2
        note = ",".join(sorted(os.environ)) if row["question"] == "environment" else reply.get("fault", "")
        value = None if note else float(len(vectors))
        say(row=place, metric=metric, value=value, note=note, replies=[["Out", json.loads(reply.get("text", "{}"))]])
