"""What `raftune doctor` looks at: the machine, the project, and each role's endpoint."""
