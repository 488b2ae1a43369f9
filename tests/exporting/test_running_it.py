from raftune.exporting.running_it import modelfile, read_me
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


def test_the_commands_hold_name_and_context():
    for gguf in (True, False):
        text = read_me("our-bank", 1024, gguf=gguf)
        assert "our-bank" in text
        assert "1024" in text
        assert "{name}" not in text
