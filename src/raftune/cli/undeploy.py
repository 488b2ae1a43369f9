"""raftune undeploy: takes down what Azure serves, since each hour of it costs."""

import asyncio

import typer

from raftune.cli.options import HERE, NONE, Changes, Folder


def undeploy(changes: Changes = NONE, project: Folder = HERE) -> None:
    """Take the deployment of [hosted.deployment] down. The tuned model stays, and can be deployed again."""
    from raftune import api
    from raftune.endpoints.keys import Keys
    from raftune.errors import ConfigError
    from raftune.hosting.azure import undeploy as take_down
    from raftune.platforms import deployment_of, management_token

    opened = api.open_project(project, changes)
    config = opened.settings.hosted.deployment
    deployment = deployment_of(config)
    if deployment is None:
        raise ConfigError("No deployment is named.", "Set name under [hosted.deployment].")
    token = management_token(config, Keys(opened.folder))
    gone = asyncio.run(take_down(deployment, token, opened.settings.hosted.poll_seconds))
    typer.echo(f"{deployment.name} is {'taken down' if gone else 'not there'}.")
