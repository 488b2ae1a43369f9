"""Files and batches, in memory or in a folder that a restarted server finds again."""

import json
from pathlib import Path
from typing import Any

Body = dict[str, Any]


class Storage:
    """Objects by their ids, in the order they were made, and the bytes of files."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.objects: dict[str, Body] = {}
        self.contents: dict[str, bytes] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.glob("*.json")):
                self.objects[path.stem] = json.loads(path.read_text(encoding="utf-8"))
            self.contents = {path.stem: path.read_bytes() for path in folder.glob("*.bin")}

    def new_id(self, kind: str) -> str:
        """An id that sorts by the order of making."""
        return f"{kind}-{sum(name.startswith(kind) for name in self.objects) + 1:06d}"

    def put(self, value: Body, content: bytes | None = None) -> Body:
        """Keeps an object, and a file's bytes."""
        name = value["id"]
        self.objects[name] = value
        if content is not None:
            self.contents[name] = content
        if self.folder is not None:
            if content is not None:
                (self.folder / f"{name}.bin").write_bytes(content)
            path = self.folder / f"{name}.tmp"
            path.write_text(json.dumps(value), encoding="utf-8")
            path.replace(self.folder / f"{name}.json")
        return value

    def get(self, name: str) -> Body | None:
        """An object that is there and was not deleted."""
        found = self.objects.get(name)
        return None if found is None or found.get("deleted") else found

    def delete(self, name: str) -> None:
        """Forgets an object's bytes; its id is never used again."""
        self.put({**self.objects[name], "deleted": True}, b"")

    def of_kind(self, kind: str) -> list[Body]:
        """All objects of a kind, the newest first."""
        names = [name for name in self.objects if name.startswith(kind)]
        return [found for name in reversed(names) if (found := self.get(name)) is not None]
