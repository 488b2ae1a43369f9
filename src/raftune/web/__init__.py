"""The cockpit of `raftune ui`: pages for people who review, run, look and ask."""
