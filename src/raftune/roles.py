"""The models a project names: who teaches and who is tuned.

Fields that only say how a model is reached are marked `Transport`: they change no key.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from raftune.endpoints.endpoint import Address
from raftune.models.student import EMBEDDED
from raftune.records import Kind
from raftune.stage import StageConfig, Transport
from raftune.teaching.kinds import DEFAULT_MIX
from raftune.teaching.recipes import misfit


class EndpointConfig(StageConfig):
    """How a model at an endpoint is reached, and what it costs; nothing here changes a row."""

    base_url: Annotated[str | None, Transport()] = None
    """The endpoint, such as http://localhost:11434/v1; not given: api.openai.com."""
    key_variable: Annotated[str, Transport()] = "OPENAI_API_KEY"
    """The name of the environment variable (or line of `.env`) that holds the key. The key itself never stands in a
    file of the project."""
    credential: Annotated[Literal["key", "entra"], Transport()] = "key"
    """key: the key in `key_variable`; entra: a token of Microsoft Entra ID, for Azure OpenAI without keys."""
    header_variables: Annotated[dict[str, str], Transport()] = Field(default_factory=dict)
    """Headers that a company's gateway wants, each with the name of the variable that holds its value."""
    seconds: Annotated[float, Transport()] = Field(default=120.0, gt=0)
    """How long one request may take as a whole, before it is asked again."""
    stream: Annotated[bool, Transport()] = False
    """Receive replies piece by piece, for gateways that cut connections which are silent for long."""
    delivery: Annotated[Literal["live", "batch"], Transport()] = "live"
    """live: each request is answered at once; batch: by the Batch API of OpenAI and Azure, at half the price, within a
    day."""
    requests_per_minute: Annotated[float | None, Transport()] = Field(default=None, gt=0)
    """The endpoint's quota of requests; not given: learned from what it answers."""
    tokens_per_minute: Annotated[float | None, Transport()] = Field(default=None, gt=0)
    """The endpoint's quota of tokens; not given: learned from what it answers."""
    at_once: Annotated[int, Transport()] = Field(default=0, ge=0)
    """Requests in flight at the same time, at most; 0: found out, up to 512 (32 with pictures)."""
    tokenizer: Annotated[str, Transport()] = ""
    """What counts the model's tokens where its name does not tell: o200k, cl100k, a tokenizer.json, a folder or a GGUF
    file."""
    input_price: Annotated[float | None, Transport()] = Field(default=None, ge=0)
    """Dollars per million tokens read, for a model whose listed price is missing or old."""
    output_price: Annotated[float | None, Transport()] = Field(default=None, ge=0)
    """Dollars per million tokens written."""

    def address(self) -> Address:
        """How the endpoint is reached. Raises ConfigError where `base_url` is none, or holds a password."""
        return Address(
            self.base_url, self.key_variable, self.credential, self.header_variables, self.seconds, self.stream
        )


class TeacherConfig(EndpointConfig):
    """Who writes questions and answers."""

    provider: Annotated[Literal["extractive", "openai", "llama_cpp", "recorded"], Transport()] = "extractive"
    """extractive: rules, no model; openai: any OpenAI-compatible endpoint; llama_cpp: a GGUF file on this machine;
    recorded: only replies that are in the ledger already."""
    model: str = "extractive"
    """The model's name at the endpoint."""
    path: Annotated[str | None, Transport()] = None
    """The GGUF file, for llama_cpp."""
    questions_per_chunk: int = Field(default=5, ge=1, le=20)
    """At most this many questions are asked about one passage; short passages get fewer: one for each 150 characters
    begun (75 of Korean), and none beyond the lines that bear one."""
    reasoning: bool = True
    """Whether the teacher writes a reasoning before the answer. Small teachers write better rows without."""
    recipe: Literal["auto", "sentences", "passages", "call"] = "auto"
    """sentences: the program picks sentences, the teacher writes about each, for small teachers; passages: the teacher
    picks from a numbered passage, by kinds; call: instructions and calls from API descriptions; auto: sentences for
    the built-in teacher, for others call where a passage describes a call, else passages."""
    mode: Literal["combined", "separate"] = "combined"
    """combined: one request a passage for questions and answers; separate: one for the questions and one for each
    answer, which takes two to three times the tokens."""
    kinds: dict[Kind, float] = Field(default_factory=lambda: dict(DEFAULT_MIX))
    """The wanted mix of kinds of questions, as weights; a passage gets those of them that it can serve. For the recipe
    passages; the others note the kind of what they wrote."""
    style: str = Field(default="", max_length=300)
    """Tone and style of questions and answers in your own words, in the documents' language."""

    @field_validator("kinds")
    @classmethod
    def are_weights(cls, kinds: dict[Kind, float]) -> dict[Kind, float]:
        """Raises ValueError for what is no mix."""
        if "call" in kinds:
            raise ValueError('"call" is no kind to mix: the recipe call writes it')
        if any(weight < 0 for weight in kinds.values()) or not sum(kinds.values()):
            raise ValueError("weights must not be negative, and at least one be over 0")
        return kinds

    @model_validator(mode="after")
    def recipe_fits(self) -> Self:
        """Raises ValueError where the teacher cannot work by the recipe."""
        if fault := misfit(self.model, self.recipe, self.mode):
            raise ValueError(" ".join(fault))
        return self


class JudgeConfig(EndpointConfig):
    """Who checks what the teacher wrote. Without a model the teacher checks itself."""

    provider: Annotated[Literal["openai", "llama_cpp", "recorded"], Transport()] = "openai"
    """openai: any OpenAI-compatible endpoint; llama_cpp: a GGUF file on this machine; recorded: only replies that are
    in the ledger already."""
    model: str = ""
    """The model's name at the endpoint; another family than the teacher's sees other faults."""
    path: Annotated[str | None, Transport()] = None
    """The GGUF file, for llama_cpp."""


class VisionConfig(EndpointConfig):
    """Who looks at pages that are to be read by vision."""

    provider: Annotated[Literal["openai", "recorded"], Transport()] = "openai"
    """openai: any OpenAI-compatible endpoint that takes pictures; recorded: only replies that are in the ledger."""
    model: str = ""
    """The model's name at the endpoint."""
    max_tokens: int = Field(default=4096, ge=256)
    """Room for a page's text in tokens; a reply that is cut off is asked for once more with twice as much."""
    seconds: Annotated[float, Transport()] = Field(default=300.0, gt=0)
    """How long one page may take to be answered, before it is asked for again."""


class EmbedderConfig(EndpointConfig):
    """What tells how near texts are in meaning, for splitters that look at it."""

    provider: Literal["auto", "hashed", "wordllama", "openai"] = "auto"
    """auto: wordllama for English documents where it is installed, else hashed; hashed: character n-grams, no model,
    any language; wordllama: word vectors that come inside its package, English; openai: any compatible endpoint."""
    model: str = ""
    """The model's name at the endpoint."""
    dimensions: int | None = Field(default=None, ge=16, le=8192)
    """The length of a vector, for hashed (2048 where not given), and for endpoints that can shorten theirs."""
    output_price: Annotated[float | None, Transport()] = Field(default=0.0, ge=0)
    """Dollars per million tokens written: embeddings have none."""


class ServedConfig(EndpointConfig):
    """A student that an endpoint serves, plain and tuned: vLLM with the adapter as a LoRA module, for example."""

    base: str = ""
    """The plain student's name at the endpoint."""
    tuned: str = ""
    """The tuned student's name at the endpoint, once its adapter is served there."""


class StudentConfig(StageConfig):
    """Who is tuned."""

    model: str = EMBEDDED
    """The embedded default, a folder of safetensors, a GGUF file, or a name on the Hugging Face hub."""
    engine: Annotated[Literal["auto", "llama_cpp", "transformers", "served"], Transport()] = "auto"
    """What generates: llama.cpp where the student has a GGUF file, else transformers; served: the endpoint that
    [student.served] names."""
    served: Annotated[ServedConfig, Transport()] = ServedConfig()
    """The endpoint that serves the student, for the engine served."""
    context: Annotated[int, Transport()] = Field(default=4096, ge=256)
    """Room for prompt and reply when generating, in tokens."""
    slots: Annotated[int, Transport()] = Field(default=0, ge=0)
    """Replies generated side by side; 0: 32 by torch, one by llama.cpp, which reads shared documents once only so."""
    threads: Annotated[int, Transport()] = Field(default=0, ge=0)
    """Processor threads for generation; 0: all cores this process may use."""


class OtherModelConfig(EndpointConfig):
    """Another model to compare with, as a system of [predict] by the name of its section."""

    provider: Annotated[Literal["openai", "local"], Transport()] = "openai"
    """openai: any OpenAI-compatible endpoint; local: a model on this machine."""
    model: str = ""
    """The model's name at the endpoint; locally as under [student]: a folder of safetensors, or a GGUF file."""


class DeploymentConfig(StageConfig):
    """Where Azure serves what it tuned. Each hour costs, used or not: `raftune undeploy` ends it."""

    name: str = ""
    """The deployment's name; without one nothing is deployed."""
    subscription: str = ""
    """The id of the subscription."""
    resource_group: str = ""
    """The resource group of the account."""
    account: str = ""
    """The Azure OpenAI resource."""
    sku: str = "Standard"
    """Standard, GlobalStandard or DeveloperTier."""
    capacity: int = Field(default=1, ge=1)
    """Its quota, in thousands of tokens a minute."""
    management: str = "https://management.azure.com"
    """The management API; another one for national clouds."""
    token_variable: str = ""
    """The variable that holds a token for the management API; without one Microsoft Entra ID is asked."""


class HostedConfig(EndpointConfig):
    """The platform that tunes, with `trainer = "openai"` under [train]: OpenAI, Azure OpenAI, or `raftune serve`."""

    model: str = ""
    """The base model's name at the platform."""
    batch_size: Literal["auto"] | int = "auto"
    """Rows a step; auto: the platform's choice."""
    learning_rate_multiplier: Literal["auto"] | float = "auto"
    """The learning rate, relative to the platform's own."""
    checkpoint: str = Field(default="last", pattern=r"^(last|best|\d+)$")
    """Which checkpoint is taken: last; best, by validation loss; or the number of its step."""
    suffix: Annotated[str, Transport()] = Field(default="", max_length=18, pattern=r"^[A-Za-z0-9-]*$")
    """What the tuned model's name ends in."""
    training_type: Annotated[Literal["", "Standard", "GlobalStandard", "DeveloperTier"], Transport()] = ""
    """Where Azure trains; its regions and prices differ."""
    azure: Annotated[bool | None, Transport()] = None
    """Whether Azure's rules hold (a byte-order mark); not given: by the address."""
    poll_seconds: Annotated[float, Transport()] = Field(default=10.0, gt=0)
    """Seconds between two looks at a job."""
    deployment: Annotated[DeploymentConfig, Transport()] = DeploymentConfig()
    """The deployment on Azure."""
