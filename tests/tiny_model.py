"""A random Llama of two layers with a byte-level tokenizer, as safetensors and as GGUF, and examples for it."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from raftune.contracts import ChatMessage, ChatRequest
from raftune.models.adapter_gguf import rope_rows
from raftune.prompts.raft import default_prompt
from raftune.records import ContextDocument, Example, Quote

HIDDEN, HEADS, KEY_HEADS, LAYERS, CONTEXT = 64, 4, 2, 2, 2048
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
PROMPT = default_prompt().model_dump(mode="json")
TEXTS = (
    "The reserve bank kept its base rate at 3.50 percent in 2023.",
    "Inflation fell to 3.6 percent because energy became cheaper.",
    "The bank bought 120 new notes machines for its branches.",
)


@cache
def tiny_tokenizer(*, template: bool = True) -> Any:
    """A tokenizer of bytes and a few merges, with the marks of ChatML."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=320, special_tokens=list(SPECIAL), initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", bos_token="<|im_start|>")
    fast.chat_template = TEMPLATE if template else None
    return fast


def tiny_model(seed: int = 0) -> Any:
    """The model in fp32, weights drawn wide enough for answers to differ."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=len(tiny_tokenizer()),
        hidden_size=HIDDEN,
        intermediate_size=96,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=KEY_HEADS,
        max_position_embeddings=CONTEXT,
        initializer_range=0.2,
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    torch.set_num_threads(1)  # for so small a model, two threads mostly wait for each other
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return LlamaForCausalLM(config)


def save_tiny(folder: Path, *, template: bool = True, seed: int = 0) -> Path:
    """The model and its tokenizer as a folder of safetensors."""
    from raftune.models.weights import quiet

    with quiet():
        tiny_model(seed).save_pretrained(folder)
    tiny_tokenizer(template=template).save_pretrained(folder)
    return folder


def save_tiny_gguf(path: Path, seed: int = 0) -> Path:
    """The same model as a GGUF file in fp32."""
    import gguf

    state = {name: tensor.numpy() for name, tensor in tiny_model(seed).state_dict().items()}
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, LAYERS)
    writer = gguf.GGUFWriter(path, "llama")
    write_settings(writer)
    for name, tensor in state.items():
        if name == "lm_head.weight":
            continue
        heads = HEADS if "q_proj" in name else KEY_HEADS if "k_proj" in name else 0
        place = names.get_name(name.removesuffix(".weight"))
        writer.add_tensor(f"{place}.weight", rope_rows(tensor, heads) if heads else np.ascontiguousarray(tensor))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_settings(writer: Any) -> None:
    """Shape and tokenizer in GGUF's words."""
    import json

    writer.add_block_count(LAYERS)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(96)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(len(tiny_tokenizer()))
    tokenizer = json.loads(tiny_tokenizer().backend_tokenizer.to_str())["model"]
    tokens = sorted(tokenizer["vocab"], key=tokenizer["vocab"].get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in SPECIAL else 1 for token in tokens])
    writer.add_token_merges([" ".join(merge) for merge in tokenizer["merges"]])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def make_example(number: int, document_set: int, split: Any = "train", final: str = "3.50 percent") -> Example:
    """An example whose oracle is the first of three documents; those of one set show the same documents."""
    documents = tuple(
        ContextDocument(chunk=f"c{document_set}{n}", text=f"{document_set}. {t}") for n, t in enumerate(TEXTS)
    )
    text = documents[0].text
    return Example(
        answer=f"a{number}",
        text=f"What was it in year {number * 37}?",
        documents=documents,
        oracle=0,
        group=f"g{document_set}",
        document_set=f"s{document_set}",
        source="x.pdf",
        split=split,
        behaviour="answer",
        reasoning=f"Because of {number}." + " Really." * (number % 3),
        quotes=(Quote(chunk=documents[0].chunk, start=0, end=len(text), text=text),),
        final=final,
        reference=final,
        language="en",
    )


def make_examples(sets: int, each: int, split: Any = "train") -> list[Example]:
    """`sets` document sets of `each` examples."""
    return [make_example(number * each + part, number, split) for number in range(sets) for part in range(each)]


def make_requests(examples: list[Example], max_tokens: int = 24) -> list[ChatRequest]:
    """What the student is asked for examples."""
    return [
        ChatRequest(
            model="tiny",
            messages=tuple(ChatMessage(role=role, content=text) for role, text in default_prompt().of_example(example)),
            max_tokens=max_tokens,
        )
        for example in examples
    ]


def save_tiny_adapter(base: Path, folder: Path, *, wide: float = 0.1, **settings: Any) -> Path:
    """A PEFT folder with random LoRA on all projections of the model in `base`."""
    import peft
    import torch

    from raftune.models.weights import load_model, quiet
    from raftune.training.adapter import PROJECTIONS, trained, write_adapter

    config = peft.LoraConfig(r=4, lora_alpha=8, target_modules=list(PROJECTIONS), task_type="CAUSAL_LM", **settings)
    with quiet():
        model = peft.get_peft_model(load_model(base), config)
    with torch.no_grad(), torch.random.fork_rng():
        torch.manual_seed(7)
        for parameter in trained(model).values():
            parameter.copy_(torch.randn_like(parameter) * wide)
    write_adapter(model, folder)
    return folder
