"""Which models there are, and what answers for each: a name is looked up here and nowhere else."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from raftune.generating.request import Generator
from raftune.serving.refusals import Refusal

READER = "raftune-rag"


@dataclass(frozen=True)
class Served:
    """A model's name, the adapter that answers ("" for the plain base), and whether it reads documents first.

    A model that `embeds` gives vectors, and no texts.
    `created` is in seconds since 1970.
    """

    name: str
    created: int
    owned_by: str = "raftune"
    adapter: str = ""
    reads: bool = False
    embeds: bool = False


@dataclass
class Catalogue:
    """The models on one base. Names are keys, never paths. May be used from several threads."""

    generator: Generator
    served: dict[str, Served] = field(default_factory=dict)

    def add(self, served: Served) -> None:
        """Offers a model whose adapter, if any, is open."""
        self.served[served.name] = served

    def publish(self, name: str, adapter_folder: Path, created: int, owned_by: str = "raftune") -> None:
        """Opens an adapter and offers it under a name. Raises ConfigError where it does not belong to the base."""
        self.generator.open_adapter(name, adapter_folder)
        self.add(Served(name, created, owned_by, adapter=name))

    def withdraw(self, name: str) -> None:
        """Offers a published model no longer; nothing where there is none."""
        served = self.served.pop(name, None)
        if served is not None and served.adapter == name:
            self.generator.close_adapter(name)

    def find(self, name: str) -> Served:
        """The model of that name; `raftune-rag:NAME` is a model that reads documents first.

        Raises Refusal (404) where there is none.
        """
        served = self.served.get(name)
        lead, _, other = name.partition(":")
        if served is None and lead == READER and lead in self.served and other in self.served:
            served = replace(self.served[other], name=name, reads=True)
        if served is None:
            raise Refusal(404, f"The model {name[:200]!r} does not exist.", param="model", code="model_not_found")
        return served

    def all(self) -> list[Served]:
        """Every model, in the order in which they came."""
        return list(self.served.values())
