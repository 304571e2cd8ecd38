"""What the tests of instances have in common, whatever language an instance's topologies are written in."""
