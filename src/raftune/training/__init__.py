"""Parts of local training: rows, steps, exact shared prefixes, checkpoints, the loop."""
