"""A tiny random model of each architecture, for tiny_model's tokenizer. Windows are shorter than the test's rows."""

from typing import Any

from tests.tiny_model import tiny_tokenizer

WINDOW = {"sliding_window": 100}
PURE: dict[str, tuple[str, dict[str, Any]]] = {
    "llama": ("LlamaConfig", {}),
    "smollm3": ("SmolLM3Config", {}),
    "qwen2": ("Qwen2Config", {}),
    "qwen2 with windows": ("Qwen2Config", {"use_sliding_window": True, "max_window_layers": 1, **WINDOW}),
    "qwen3": ("Qwen3Config", {"head_dim": 16}),
    "mistral": ("MistralConfig", {"sliding_window": None}),
    "mistral with windows": ("MistralConfig", WINDOW),
    "phi": ("PhiConfig", {}),
    "phi3": ("Phi3Config", {"sliding_window": None}),
    "gemma2": ("Gemma2Config", {"head_dim": 16, **WINDOW}),
    "gemma3": ("Gemma3TextConfig", {"head_dim": 16, **WINDOW}),
    "granite": ("GraniteConfig", {"logits_scaling": 2.0}),
    "cohere": ("CohereConfig", {}),
}
RECURRENT: dict[str, tuple[str, dict[str, Any]]] = {
    "lfm2": ("Lfm2Config", {"layer_types": ["conv", "full_attention", "conv"]}),
    "falcon h1": ("FalconH1Config", {"mamba_d_ssm": 64, "mamba_n_heads": 4, "mamba_d_head": 16, "mamba_d_state": 8}),
}
SHAPE = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 2048,
    "initializer_range": 0.2,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
}


def tiny_of(name: str) -> Any:
    """The causal model in fp32, its weights from a fixed seed."""
    import torch
    import transformers

    kind, settings = {**PURE, **RECURRENT}[name]
    config = getattr(transformers, kind)(**{**SHAPE, "vocab_size": len(tiny_tokenizer()), **settings})
    torch.set_num_threads(1)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return transformers.AutoModelForCausalLM.from_config(config).float()
