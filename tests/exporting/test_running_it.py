import json

import pytest

from raftune.exporting.running_it import Named, modelfile, read_me
from tests.tiny_model import TEMPLATE


def test_the_modelfile_of_a_known_family():
    assert modelfile(TEMPLATE, 2048) == (
        "FROM ./model.gguf\nPARAMETER temperature 0\nPARAMETER num_ctx 2048\n"
        'PARAMETER stop "<|im_end|>"\n'
        'TEMPLATE """{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n'
        '{{ end }}<|im_start|>assistant\n"""\n'
    )


def test_an_unknown_template_is_left_to_the_file():
    assert "TEMPLATE" not in modelfile("{{ bos }}[INST]", 2048)


@pytest.mark.parametrize("kind", ["adapter", "safetensors", "gguf"])
def test_the_commands_hold_name_and_context(kind: str) -> None:
    text = read_me(kind, Named("our-bank", "org/base", 1024, ("en", "ko")), {"adapter.gguf"})
    assert "our-bank" in text
    assert "1024" in text
    assert "{" not in text.replace('["raft', "")
    head, _ = text.removeprefix("---\n").split("\n---\n", 1)
    facts = {key: json.loads(value) for key, value in (line.split(": ", 1) for line in head.splitlines())}
    assert facts["base_model"] == "org/base"
    assert facts["language"] == ["en", "ko"]
    assert ("lora" in facts["tags"]) == (kind == "adapter")
