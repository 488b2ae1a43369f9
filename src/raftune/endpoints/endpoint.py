"""An OpenAI-compatible endpoint by the openai SDK: its address, connections and key, and its errors in our words."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from raftune.digest import digest
from raftune.endpoints.explaining import explain_status, no_completion
from raftune.endpoints.keys import Keys
from raftune.errors import ConfigError, MissingExtra, ProviderError, Unavailable

T = TypeVar("T")

OPENAI = "https://api.openai.com/v1"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ENTRA_SCOPE = "https://ai.azure.com/.default"


@dataclass(frozen=True)
class Address:
    """How an endpoint is reached. `base_url` None is api.openai.com; `seconds` is for one request as a whole.

    `header_variables` are headers by the names of the variables that hold their values. Raises ConfigError for an
    address that is none, or that holds what must not stand in a file.
    """

    base_url: str | None = None
    key_variable: str = "OPENAI_API_KEY"
    credential: Literal["key", "entra"] = "key"
    header_variables: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 120.0
    stream: bool = False

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            sound = False
        if not sound:  # not repeated: it may hold a password
            raise ConfigError("The base_url is no web address.", "Write it like http://localhost:11434/v1.")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ConfigError(
                f"The base_url of {self.place} holds more than an address.",
                "Leave out names, passwords and ?...: keys belong into key_variable, other values into "
                "header_variables, each by the name of an environment variable.",
            )

    @property
    def url(self) -> str:
        """The address itself."""
        return self.base_url or OPENAI

    @property
    def place(self) -> str:
        """Host and port, for names and messages."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def name(self) -> str:
        """What the endpoint is remembered by: a gateway has several at one place, and a path may be private."""
        path = urlsplit(self.url).path.rstrip("/")
        return self.place if path in {"", "/v1"} else f"{self.place} {digest(path, 8)}"

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        return urlsplit(self.url).hostname in LOOPBACK


def ignore(headers: Mapping[str, str]) -> None:
    """Nobody wants to hear."""


class Endpoint:
    """Connections to one endpoint. `hear` is told the headers of every answer, refusals too."""

    def __init__(self, address: Address, keys: Keys, hear: Callable[[Mapping[str, str]], None] = ignore) -> None:
        self.address = address
        self.keys = keys
        self.hear = hear
        self._client: Any = None
        self._credential: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Task[None] | None = None

    def open(self, openai: Any) -> Any:
        """The client of the running event loop: connections cannot be used from another one. Raises ProviderError."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            from raftune.endpoints.transport import client_for

            address = self.address
            http = client_for(address.url, self.hear, self.headers(), address.seconds)
            self._client = openai.AsyncOpenAI(
                api_key=self.credential(),
                base_url=address.url,
                max_retries=0,
                timeout=address.seconds,
                http_client=http,
            )
            # They come from the environment, and are for OpenAI alone.
            if address.base_url is not None:
                self._client.organization = self._client.project = None
            self._loop = loop
        return self._client

    async def aclose(self) -> None:
        """Closes the connections, and returns when they are."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await self._close(client)

    def close(self) -> None:
        """Closes the connections; inside a running event loop, as soon as that gets to it."""
        client, loop, self._client, self._loop = self._client, self._loop, None, None
        if client is None or loop is None or loop.is_closed():
            return
        if loop.is_running():
            self._closing = loop.create_task(self._close(client))
        else:
            loop.run_until_complete(self._close(client))

    async def _close(self, client: Any) -> None:
        credential, self._credential = self._credential, None
        await client.close()
        if credential is not None:
            await credential.close()

    def headers(self) -> dict[str, str]:
        """The headers a gateway wants. Raises ProviderError where a variable is not set."""
        return {name: self.required(variable) for name, variable in self.address.header_variables.items()}

    def credential(self) -> str | Callable[[], Awaitable[str]]:
        """The key, a stand-in where none is needed, or what gives tokens. Raises ProviderError where it is missing."""
        address = self.address
        if address.credential == "entra":
            return self.tokens()
        free = address.local or not address.key_variable
        return self.required(address.key_variable) if self.keys.value(address.key_variable) or not free else "none"

    def required(self, variable: str) -> str:
        """The value of a variable. Raises ProviderError where it is not set, or cannot stand in a header."""
        value = self.keys.value(variable)
        if not value:
            raise ProviderError(
                f"The variable {variable} is not set.", "Put its value into the environment or .env, and run again."
            )
        if not (value.isascii() and value.isprintable()):
            raise ProviderError(
                f"The value of {variable} holds a character that no key has.",
                "Copy it again, without quotation marks or line breaks.",
            )
        return value

    def tokens(self) -> Callable[[], Awaitable[str]]:
        """What gives tokens of Microsoft Entra ID, by a managed identity, the az command, or what else is there."""
        try:
            from azure.identity.aio import DefaultAzureCredential, get_bearer_token_provider
        except ImportError as error:
            raise MissingExtra(
                "The azure-identity package is not installed.", "Run: pip install 'raftune[azure]'"
            ) from error
        self._credential = DefaultAzureCredential()
        give = get_bearer_token_provider(self._credential, ENTRA_SCOPE)

        async def token() -> str:
            from azure.core.exceptions import AzureError

            try:
                return self.keys.secret(await give())
            except AzureError as error:
                raise ProviderError(
                    "Microsoft Entra ID gives no token.", "Log in with `az login`, or check the managed identity."
                ) from error

        return token

    async def call(self, openai: Any, model: str, work: Callable[[Any], Awaitable[T]]) -> T:
        """What `work` gives for the client, within the deadline. Raises ProviderError; SDK errors of status 4xx too.

        The deadline is for all of it: a body that comes a byte a second ends in time.
        """
        try:
            async with asyncio.timeout(self.address.seconds):
                return await work(self.open(openai))
        except TimeoutError as error:
            raise self.late() from error
        except openai.APIStatusError:
            raise
        except openai.OpenAIError as error:
            raise self.explain(openai, error, model) from error

    def late(self) -> Unavailable:
        """The error for an answer that did not come in time."""
        return Unavailable(
            f"{self.address.place} did not answer within {self.address.seconds:g} seconds.",
            "Try again or raise the role's `seconds`.",
            reason="timeout",
        )

    def explain(self, openai: Any, error: Any, model: str) -> ProviderError:
        """The error for one of the SDK's. Never holds a key."""
        place = self.address.place
        if isinstance(error, openai.APIStatusError):
            return explain_status(error, place, model, self.checked())
        if isinstance(error, openai.APITimeoutError):
            return self.late()
        cause, causes = type(error.__cause__).__name__, {type(cause).__name__ for cause in causes_of(error)}
        if "SSLCertVerificationError" in causes:
            return ProviderError(
                f"The certificate of {place} is not trusted.",
                "Set SSL_CERT_FILE to the file of the authority that signed it, often your company's.",
            )
        if cause in {"TooBig", "Compressed"}:
            return Unavailable(
                f"{place} sent an answer that is {'far too long' if cause == 'TooBig' else 'compressed'}.",
                "Check what answers there.",
                reason="no completion",
            )
        if cause in {"ReadError", "RemoteProtocolError", "WriteError"}:
            return Unavailable(
                f"{place} broke the connection off.", "Check the server's log.", reason="connection lost"
            )
        if isinstance(error, openai.APIConnectionError):
            return Unavailable(f"{place} cannot be reached.", "Check the address, and whether the server runs.")
        return no_completion(str(getattr(error, "message", "")))

    def checked(self) -> str:
        """What to look at where the endpoint lets nobody in."""
        if self.address.credential == "entra":
            return "the account of `az login`, its role (such as Cognitive Services OpenAI User),"
        return f"the key in {self.address.key_variable or 'key_variable'}"


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """An error, and those that led to it."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def import_sdk() -> Any:
    """The SDK. Raises MissingExtra when it is not installed."""
    try:
        import openai
    except ImportError as error:
        raise MissingExtra("The openai package is not installed.", "Run: pip install 'raftune[endpoint]'") from error
    return openai
