"""Every module has its test, no catch-all swallows, no function is long."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "raftune").rglob("*.py"))
LONGEST = 50


def test_every_module_has_a_test_of_its_name() -> None:
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    modules = [path for path in SOURCES if path.name not in ("__init__.py", "__main__.py")]
    assert [str(path.relative_to(ROOT)) for path in modules if f"test_{path.name}" not in tests] == []


def test_no_function_is_longer_than_fifty_lines() -> None:
    long = [
        f"{path.name}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST
    ]
    assert long == []


def test_no_catch_all_swallows() -> None:
    swallowing = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]
    assert swallowing == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert [path.name for path in SOURCES if path.read_text(encoding="utf-8").count("\n") > 400] == []
