"""Scores that need a model: claims and verdicts, by the definitions of RAGAS, with rules for what goes wrong."""
