"""python -m raftune."""

from raftune.cli.main import main

main()
