from raftune.models.weights import load_model, load_tokenizer, quiet
from tests.tiny_model import save_tiny


def test_opens_a_folder(tmp_path, capfd):
    import torch

    folder = save_tiny(tmp_path / "m")
    model = load_model(folder)
    assert model.dtype == torch.float32
    assert not model.training
    assert load_tokenizer(folder).eos_token == "<|im_end|>"
    assert capfd.readouterr() == ("", "")


def test_settings_come_back():
    from transformers.utils import logging

    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    with quiet():
        assert not logging.is_progress_bar_enabled()
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
