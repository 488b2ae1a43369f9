"""Tune a student, one file a way."""
