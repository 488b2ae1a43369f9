"""What a job's hyperparameters mean for the local trainer; "auto" is our own default."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from raftune.digest import Json
from raftune.training.options import LoraOptions

Auto = Literal["auto"]
DEFAULTS = LoraOptions()


class Hyperparameters(BaseModel):
    """As a client gives them; what is not given is "auto"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n_epochs: Auto | Annotated[int, Field(ge=1, le=50)] = "auto"
    batch_size: Auto | Annotated[int, Field(ge=1, le=256)] = "auto"
    learning_rate_multiplier: Auto | Annotated[float, Field(gt=0, le=100)] = "auto"

    def settled(self) -> "Hyperparameters":
        """With numbers for "auto": 3 epochs, 8 rows a step, our learning rate as it is."""
        return Hyperparameters(
            n_epochs=DEFAULTS.epochs if self.n_epochs == "auto" else self.n_epochs,
            batch_size=DEFAULTS.examples_per_step if self.batch_size == "auto" else self.batch_size,
            learning_rate_multiplier=(
                1.0 if self.learning_rate_multiplier == "auto" else self.learning_rate_multiplier
            ),
        )

    def options(self, start_from: str = "") -> Json:
        """The options of the local trainer. A batch smaller than four document sets has fewer of them.

        `start_from` is the folder of an adapter to go on from.
        """
        settled = self.settled()
        size = int(settled.batch_size)
        return LoraOptions(
            epochs=int(settled.n_epochs),
            examples_per_step=size,
            sets_per_step=min(DEFAULTS.sets_per_step, size),
            learning_rate=DEFAULTS.learning_rate * float(settled.learning_rate_multiplier),
            save_every=DEFAULTS.save_every,
            start_from=start_from,
        ).model_dump(mode="json")
