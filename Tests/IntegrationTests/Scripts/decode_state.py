"""Decodes every node of a topology with heronpy's own protobuf classes.

    decode_state.py <folder with heronpy> <state root> <topology>

Prints the names of the nodes that it decoded.
"""
import os
import sys

sys.path.insert(0, sys.argv[1])
from heronpy.proto import (  # noqa: E402
    execution_state_pb2, packing_plan_pb2, physical_plan_pb2, scheduler_pb2, tmanager_pb2, topology_pb2,
)

MESSAGES = {
    "topologies": topology_pb2.Topology,
    "packingplans": packing_plan_pb2.PackingPlan,
    "executionstate": execution_state_pb2.ExecutionState,
    "schedulers": scheduler_pb2.SchedulerLocation,
    "tmanagers": tmanager_pb2.TManagerLocation,
    "pplans": physical_plan_pb2.PhysicalPlan,
}

for directory, message in MESSAGES.items():
    path = os.path.join(sys.argv[2], directory, sys.argv[3])
    with open(path, "rb") as node:
        decoded = message()
        decoded.ParseFromString(node.read())
        assert decoded.IsInitialized(), path
        assert not decoded.UnknownFields(), path
    if directory == "pplans":
        for stmgr in decoded.stmgrs:
            assert stmgr.shell_port and stmgr.cwd and stmgr.pid, stmgr
    print(directory)
