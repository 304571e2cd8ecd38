"""Tests of the Java instance, as it is built and started in a core package. From the repository's root:

    Tests/JavaTests/instance/run.sh <output folder of the builds> [name of a test, as test_life.Stopping]
"""
