"""How to run a merged model elsewhere: a Modelfile for Ollama, and the commands of each program."""

GGUF_FILE = "model.gguf"
CHATML = """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
LLAMA3 = """{{- range .Messages }}<|start_header_id|>{{ .Role }}<|end_header_id|>

{{ .Content }}<|eot_id|>{{ end }}<|start_header_id|>assistant<|end_header_id|>

"""
FAMILIES = {"<|im_start|>": (CHATML, "<|im_end|>"), "<|start_header_id|>": (LLAMA3, "<|eot_id|>")}


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


def read_me(name: str, context: int, *, gguf: bool) -> str:
    """What to do with the folder."""
    return (IN_GGUF if gguf else IN_SAFETENSORS).format(name=name, context=context)


PROMPTS = """
The model was tuned on prompts of one form: instructions, documents between `<DOCUMENT>` marks, the question last. It
answers well in that form only. `raftune serve` makes such prompts from your documents and checks the quotes;
`raftune export chat` writes examples of them.
"""

IN_GGUF = (
    """# {name}

A tuned model in GGUF.

    llama-server -m model.gguf -c {context} --temp 0
    ollama create {name} -f Modelfile && ollama run {name}
"""
    + PROMPTS
)

IN_SAFETENSORS = (
    """# {name}

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
    + PROMPTS
)
