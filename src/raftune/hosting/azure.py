"""Deployments of tuned models on Azure, by its management API: made, waited for, taken down. Each hour of one costs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from raftune.errors import MissingExtra, ProviderError, TrainingError

SCOPE = "https://management.azure.com/.default"
VERSION = "2024-10-01"
TRIES = 6
ENDED_BADLY = ("Failed", "Canceled", "Deleting", "Disabled")
SAYS = {
    403: ("The account may not deploy", "It needs a role such as Cognitive Services Contributor on the resource."),
    404: ("There is no such resource", "Check subscription, resource_group and account under [hosted.deployment]."),
    409: ("The resource is at work on another change", "Run again in a minute."),
}


@dataclass(frozen=True)
class Deployment:
    """Where a model is deployed, and how large. `management` is the address of the management API."""

    subscription: str
    resource_group: str
    account: str
    name: str
    sku: str = "Standard"
    capacity: int = 1
    management: str = "https://management.azure.com"

    @property
    def url(self) -> str:
        """The deployment's own address; names are escaped, so that none of them leads elsewhere."""
        group, account, name = (quote(part, safe="") for part in (self.resource_group, self.account, self.name))
        return (
            f"{self.management}/subscriptions/{quote(self.subscription, safe='')}/resourceGroups/{group}/providers/"
            f"Microsoft.CognitiveServices/accounts/{account}/deployments/{name}?api-version={VERSION}"
        )


async def deploy(deployment: Deployment, model: str, token: Callable[[], Awaitable[str]], seconds: float) -> None:
    """Deploys a tuned model, and waits until it serves. Raises TrainingError where it does not come up."""
    body = {
        "sku": {"name": deployment.sku, "capacity": deployment.capacity},
        "properties": {"model": {"format": "OpenAI", "name": model, "version": "1"}},
    }
    found = await sent("PUT", deployment, token, seconds, body)
    while (state := state_of(found)) != "Succeeded":
        if state in ENDED_BADLY:
            raise TrainingError(
                f"The deployment {deployment.name} is {state.lower()}.",
                "Look at it in the Azure portal, then run again.",
            )
        await asyncio.sleep(seconds)
        found = await sent("GET", deployment, token, seconds)


async def undeploy(deployment: Deployment, token: Callable[[], Awaitable[str]], seconds: float) -> bool:
    """Takes a deployment down; whether there was one."""
    try:
        await sent("DELETE", deployment, token, seconds)
    except NotThere:
        return False
    return True


class NotThere(ProviderError):
    """There is no deployment or resource of that name."""


def state_of(found: Any) -> str:
    """How far a deployment is."""
    properties = found.get("properties") if isinstance(found, dict) else None
    return str((properties or {}).get("provisioningState", ""))


async def sent(
    method: str, deployment: Deployment, token: Callable[[], Awaitable[str]], seconds: float, body: Any = None
) -> Any:
    """The answer to a call of the management API; what fails by chance is tried again. Raises ProviderError."""
    try:
        import httpx2
    except ImportError as error:
        raise MissingExtra("The openai package is not installed.", "Run: pip install 'raftune[endpoint]'") from error
    async with httpx2.AsyncClient(timeout=60.0, follow_redirects=False) as client:
        for attempt in range(TRIES):
            headers = {"Authorization": f"Bearer {await token()}"}
            try:
                answer = await client.request(method, deployment.url, headers=headers, json=body)
            except httpx2.HTTPError:
                await asyncio.sleep(seconds)
                continue
            if answer.status_code < 300:
                return answer.json() if answer.content else {}
            if answer.status_code not in (409, 429) and answer.status_code < 500:
                raise refusal(answer.status_code)
            wait = answer.headers.get("retry-after", "")
            await asyncio.sleep(float(wait) if wait.isdecimal() else seconds * 2**attempt)
            if attempt == TRIES - 1:
                raise refusal(answer.status_code)
    raise ProviderError("Azure's management API cannot be reached.", "Check the network, then run again.")


def refusal(status: int) -> ProviderError:
    """The error for a status."""
    said, advice = SAYS.get(status, ("Azure refuses the deployment", "Look at the resource in the Azure portal."))
    return (NotThere if status == 404 else ProviderError)(f"{said} (status {status}).", advice)


def token_of_entra() -> Callable[[], Awaitable[str]]:
    """What gives tokens for the management API, by a managed identity, `az login` or what else is there."""
    try:
        from azure.identity.aio import DefaultAzureCredential
    except ImportError as error:
        raise MissingExtra(
            "The azure-identity package is not installed.", "Run: pip install 'raftune[azure]'"
        ) from error

    async def token() -> str:
        async with DefaultAzureCredential() as credential:
            return str((await credential.get_token(SCOPE)).token)

    return token
