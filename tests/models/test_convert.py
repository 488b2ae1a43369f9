import pytest

from raftune.errors import ConfigError
from raftune.models.convert import convert_gguf, publish
from raftune.models.weights import load_model, load_tokenizer
from tests.tiny_model import SPECIAL, TEMPLATE, save_tiny_gguf, tiny_model, tiny_tokenizer


def test_weights_and_tokenizer_survive(tmp_path):
    import torch

    convert_gguf(save_tiny_gguf(tmp_path / "tiny.gguf"), tmp_path / "made")
    made, expected = load_model(tmp_path / "made"), tiny_model().state_dict()
    assert all(torch.equal(tensor, expected[name]) for name, tensor in made.state_dict().items())
    assert made.dtype == torch.float32
    tokenizer = load_tokenizer(tmp_path / "made")
    assert tokenizer.chat_template == TEMPLATE
    assert tokenizer.convert_tokens_to_ids(SPECIAL[2]) == tiny_tokenizer().eos_token_id == tokenizer.eos_token_id
    text = "Rate 3.50, 금리 was\n\nkept."
    assert tokenizer(text)["input_ids"] == tiny_tokenizer()(text)["input_ids"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("making-")] == []


def test_broken_file_leaves_nothing(tmp_path):
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ConfigError):
        convert_gguf(path, tmp_path / "made")
    assert [path.name for path in tmp_path.iterdir()] == ["broken.gguf"]


def test_the_first_of_two_processes_wins(tmp_path):
    for name in ("mine", "theirs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_text(name)
    publish(tmp_path / "mine", tmp_path / "theirs")
    assert (tmp_path / "theirs" / "model.safetensors").read_text() == "theirs"
    assert not (tmp_path / "mine").exists()
