"""The recipes, one file each: the folder is the registry."""

from raftune.errors import ConfigError
from raftune.records import Chunk
from raftune.teaching.lessons import Manner, Recipe
from raftune.teaching.recipes import call, passages, sentences

BUILT_IN = "extractive"
RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (sentences.recipe, passages.recipe, call.recipe)}


def recipe_for(manner: Manner, chunk: Chunk) -> Recipe:
    """The recipe for a chunk. Raises ConfigError where the teacher cannot work by it.

    "auto" is "sentences" for the built-in teacher; for any other "call" where the chunk describes a call of a
    programming interface, else "passages".
    """
    name = automatic(manner, chunk) if manner.recipe == "auto" else manner.recipe
    if fault := misfit(manner.model, name, manner.mode):
        raise ConfigError(*fault)
    return RECIPES[name]


def automatic(manner: Manner, chunk: Chunk) -> str:
    """The name of the recipe that fits teacher and chunk."""
    if manner.model == BUILT_IN:
        return "sentences"
    return "call" if call.calls_of(chunk) else "passages"


def misfit(model: str, recipe: str, mode: str) -> tuple[str, str] | None:
    """What is wrong with a combination of settings and what to do, or None."""
    if model == BUILT_IN and (recipe in ("passages", "call") or mode == "separate"):
        return (
            "The built-in teacher works by rules: in the recipe sentences, questions and answers at once.",
            'Name a model in [teacher], or set recipe = "auto" and mode = "combined".',
        )
    if recipe == "sentences" and mode == "separate":
        return (
            "The recipe sentences writes questions and answers at once.",
            'Set mode = "combined", or recipe = "passages".',
        )
    return None
