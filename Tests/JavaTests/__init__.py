"""Tests of what is written in Java; each folder has a run.sh."""
