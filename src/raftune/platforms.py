"""The platform that tunes, put together from the settings of [hosted]."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from raftune.connections import Connections, price_for
from raftune.endpoints.endpoint import Endpoint
from raftune.endpoints.keys import Keys
from raftune.errors import ConfigError, StoreError
from raftune.hosting.azure import Deployment, token_of_entra
from raftune.hosting.platform import Manner, Platform
from raftune.roles import DeploymentConfig, HostedConfig
from raftune.tokenizing import counter_for

AZURE = (".azure.com", ".azure.us", ".azure.cn")


def hosted_settings(config: HostedConfig, connections: Connections) -> dict[str, Any]:
    """What a hosted trainer is made with."""
    host = urlsplit(config.address().url).hostname or ""
    extra = (("trainingType", config.training_type),) if config.training_type else ()
    counter = counter_for(config.model, config.tokenizer, connections.folder)
    return {
        "platform": Platform(Endpoint(config.address(), connections.keys), connections.ledger),
        "model": config.model,
        "batch_size": config.batch_size,
        "learning_rate_multiplier": config.learning_rate_multiplier,
        "checkpoint": config.checkpoint,
        "manner": Manner(config.suffix, extra, config.poll_seconds),
        "azure": host.endswith(AZURE) if config.azure is None else config.azure,
        "count": counter.count,
        "price": price_for(config, config.model, connections.folder),
        "deployment": deployment_of(config.deployment),
        "token": management_token(config.deployment, connections.keys),
    }


def deployment_of(config: DeploymentConfig) -> Deployment | None:
    """The deployment that is wanted, None for none. Raises ConfigError where it is not said where."""
    if not config.name:
        return None
    for name in ("subscription", "resource_group", "account"):
        if not getattr(config, name):
            raise ConfigError(f"The deployment has no {name}.", f"Set {name} under [hosted.deployment].")
    return Deployment(
        config.subscription,
        config.resource_group,
        config.account,
        config.name,
        config.sku,
        config.capacity,
        config.management.rstrip("/"),
    )


def management_token(config: DeploymentConfig, keys: Keys) -> Callable[[], Awaitable[str]]:
    """What gives tokens for Azure's management: a variable, or Microsoft Entra ID."""
    if not config.token_variable:
        return token_of_entra() if config.name else no_token

    async def token() -> str:
        value = keys.value(config.token_variable)
        if not value:
            raise ConfigError(f"The variable {config.token_variable} is not set.", "Put a token into it.")
        return value

    return token


async def no_token() -> str:
    """Nothing is deployed."""
    return ""


def tuned_at(adapter: Path) -> str:
    """The name of a model that a platform tuned. Raises StoreError where the folder is not of such a model."""
    try:
        return str(json.loads((adapter / "hosted.json").read_text(encoding="utf-8"))["model"])
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(
            "The stored model was not tuned on a platform.", "Set train.trainer as it was, or run again."
        ) from error
