"""Platforms that tune: their rules for files, jobs that survive a kill, deployments."""
