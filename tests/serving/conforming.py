"""Whether what came over the wire is what the SDK's types say, with no field they do not know left out or misshapen."""

from typing import Any

from pydantic import TypeAdapter


def conforms(found: Any, kind: type) -> None:
    """The raw answer validated strictly by the SDK's own type, which by itself is built without checking."""
    raw = found.to_dict(mode="json")
    TypeAdapter(kind).validate_python(raw, strict=False)
    missing = [name for name, field in kind.model_fields.items() if field.is_required() and name not in raw]
    assert missing == []
