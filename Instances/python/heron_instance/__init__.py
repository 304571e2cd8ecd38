"""The process that runs one instance (task) of a spout or bolt written with heronpy.

It registers with the stream manager of its container, receives the physical plan, loads the user's class from the
topology's file, and passes tuples between the two. Only `instance` and what it imports need heronpy, and they find the
topology's own copy if it has one; everything on the wire is encoded here, without the protobuf library, so that
whatever version of it the topology carries is undisturbed.
"""
