"""Tests of the Python instance, with the real heronpy. From the repository's root:

    .venv/bin/python -m unittest discover --start-directory Tests/InstanceTests --top-level-directory Tests
"""
