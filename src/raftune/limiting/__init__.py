"""Keeping to the quota of an endpoint, which is set, or learned from what it answers."""
