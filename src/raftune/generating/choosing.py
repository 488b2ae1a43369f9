"""The next token from logits: greedy or drawn, inside a grammar where one is to be followed."""

import json
from collections.abc import Mapping
from typing import Any

from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.generating.request import Sampling
from raftune.models.extras import optional

COMPACT = {"whitespace_flexible": False}  # a small model can write spaces without end


class Choice:
    """Chooses the tokens of one text. `grammar` is a matcher of llguidance, or None."""

    def __init__(self, sampling: Sampling, grammar: Any = None) -> None:
        import torch

        self.sampling, self.grammar = sampling, grammar
        self.random = torch.Generator().manual_seed(sampling.seed % 2**63)

    @property
    def plain(self) -> bool:
        """Whether it is the likeliest token and no more is asked."""
        return self.grammar is None and self.sampling.temperature == 0 and self.sampling.alternatives is None

    def choose(self, logits: Any) -> int:
        """The next token from its logits (vocabulary), which are changed."""
        import torch

        if self.grammar is not None:
            logits.masked_fill_(~allowed(self.grammar, len(logits)), -torch.inf)
        token = int(logits.argmax()) if self.sampling.temperature == 0 else self.drawn(logits)
        if self.grammar is not None:
            self.grammar.consume_token(token)
        return token

    def drawn(self, logits: Any) -> int:
        """A token by its probability among the likeliest that together have `top_p`."""
        import torch

        chances = torch.softmax(logits.float() / self.sampling.temperature, -1)
        if self.sampling.top_p < 1:
            ordered, places = chances.sort(descending=True)
            ordered[ordered.cumsum(-1) - ordered >= self.sampling.top_p] = 0
            return int(places[torch.multinomial(ordered, 1, generator=self.random)])
        return int(torch.multinomial(chances, 1, generator=self.random))


def allowed(grammar: Any, vocabulary: int) -> Any:
    """(vocabulary) of bool: the tokens that may follow."""
    import numpy as np
    import torch

    bits = np.frombuffer(grammar.compute_bitmask(), np.uint8)
    mask = np.zeros(vocabulary, bool)
    known = np.unpackbits(bits, bitorder="little")[:vocabulary]
    mask[: len(known)] = known
    return torch.from_numpy(mask)


class Grammars:
    """Makes matchers for JSON schemas; the vocabulary is prepared by the first."""

    def __init__(self, tokenizer: Any, vocabulary: int, ends: set[int]) -> None:
        self.tokenizer, self.vocabulary, self.ends = tokenizer, vocabulary, ends
        self._prepared: Any = None

    def of_schema(self, schema: Mapping[str, Json]) -> Any:
        """A matcher for a text that follows a JSON schema. Raises ConfigError for one that cannot be followed."""
        guidance = optional("llguidance", "serve")
        hugging_face = optional("llguidance.hf", "serve")
        if self._prepared is None:
            ends = sorted(self.ends)
            self._prepared = hugging_face.from_tokenizer(self.tokenizer, n_vocab=self.vocabulary, eos_token=ends)
        grammar = guidance.LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=COMPACT)
        matcher = guidance.LLMatcher(self._prepared, grammar)
        if fault := matcher.get_error():
            first = str(fault).splitlines()[0]
            raise ConfigError(f"The JSON schema cannot be followed ({first}).", "Simplify the schema.")
        return matcher
