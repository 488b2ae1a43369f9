"""What the ledger is made of: actions, the file they are in, how many are written at once, what they cost."""
