"""How to run an exported model elsewhere: a card for the Hugging Face hub, a Modelfile, each program's command."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from raftune.exporting.results import model_index, results_text
from raftune.report_records import Report

GGUF_FILE, ADAPTER_GGUF = "model.gguf", "adapter.gguf"
CHATML = """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
LLAMA3 = """{{- range .Messages }}<|start_header_id|>{{ .Role }}<|end_header_id|>

{{ .Content }}<|eot_id|>{{ end }}<|start_header_id|>assistant<|end_header_id|>

"""
FAMILIES = {"<|im_start|>": (CHATML, "<|im_end|>"), "<|start_header_id|>": (LLAMA3, "<|eot_id|>")}
LIBRARIES = {"adapter": "peft", "safetensors": "transformers", "gguf": "llama.cpp"}


@dataclass(frozen=True)
class Named:
    """What programs that list models call it, what they call its base, and how many tokens they should read."""

    name: str
    base: str
    context: int = 4096
    languages: tuple[str, ...] = ()


def modelfile(template: str, context: int) -> str:
    """The Modelfile for a model with a chat template, which is taken from the GGUF where its family is not known.

    Answers are greedy, as they were evaluated. There is no system text: the prompts of raftune bring their own.
    """
    lines = [f"FROM ./{GGUF_FILE}", "PARAMETER temperature 0", f"PARAMETER num_ctx {context}"]
    for mark, (text, stop) in FAMILIES.items():
        if mark in template:
            lines += [f'PARAMETER stop "{stop}"', f'TEMPLATE """{text}"""']
            break
    return "\n".join(lines) + "\n"


def read_me(kind: str, named: Named, files: Collection[str], report: Report | None = None) -> str:
    """README.md: what the hub reads first, how each program runs the `files` of the folder, what the report found."""
    ways = {"adapter": AS_ADAPTER, "safetensors": AS_SAFETENSORS, "gguf": AS_GGUF}
    text = ways[kind] + (WITH_LLAMA if ADAPTER_GGUF in files else "") + PROMPTS
    text = text.format(name=named.name, base=named.base, context=named.context)
    return front_matter(kind, named, report) + text + (results_text(report) if report else "")


def front_matter(kind: str, named: Named, report: Report | None) -> str:
    """What the Hugging Face hub shows and searches."""
    facts: dict[str, object] = {
        "base_model": named.base,
        "base_model_relation": {"adapter": "adapter", "safetensors": "finetune", "gguf": "finetune"}[kind],
        "library_name": LIBRARIES[kind],
        "pipeline_tag": "text-generation",
        "tags": ["raft", "rag", *(["lora"] if kind == "adapter" else [])],
    }
    if named.languages:
        facts["language"] = list(named.languages)
    if report is not None:
        facts["model-index"] = model_index(report, named.name)
    return "".join(["---\n", *(f"{key}: {json.dumps(value)}\n" for key, value in facts.items()), "---\n\n"])


AS_ADAPTER = """# {name}

A LoRA adapter on {base}, in PEFT's form.

    vllm serve {base} --enable-lora --lora-modules {name}=. --max-model-len {context}

```python
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("{base}")
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained("{base}"), ".")
```
"""

WITH_LLAMA = """
With the base as a GGUF file:

    llama-server -m BASE.gguf --lora adapter.gguf -c {context} --temp 0
"""

AS_GGUF = """# {name}

A tuned model in GGUF.

    llama-server -m model.gguf -c {context} --temp 0
    ollama create {name} -f Modelfile && ollama run {name}
"""

AS_SAFETENSORS = """# {name}

A tuned model as safetensors, with its tokenizer and chat template.

    vllm serve . --served-model-name {name} --max-model-len {context}

```python
from transformers import AutoModelForCausalLM, AutoTokenizer

model, tokenizer = AutoModelForCausalLM.from_pretrained("."), AutoTokenizer.from_pretrained(".")
prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
made = model.generate(**prompt, max_new_tokens=256, do_sample=False)
print(tokenizer.decode(made[0, prompt["input_ids"].shape[1] :], skip_special_tokens=True))
```
"""

PROMPTS = """
The model was tuned on prompts of one form: instructions, documents between `<DOCUMENT>` marks, the question last. It
answers well in that form only. `raftune serve` makes such prompts from your documents and checks the quotes;
`raftune export chat` writes examples of them.
"""
