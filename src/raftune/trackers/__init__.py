"""Experiment trackers that training writes its figures to. One file a tracker."""
