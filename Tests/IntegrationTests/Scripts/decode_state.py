"""Decodes every node of a topology with heronpy's own protobuf classes.

    decode_state.py <folder with heronpy> <state root> <topology> [<host:port> [<user:password>]]

The state is read from the files below its root, or with kazoo from the ZooKeeper server that is given: first the names
of all topologies, then a watch on each node of the topology, as heron-tracker does. Prints the names of the nodes that
it decoded.
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


def read_files(root, topology):
    for directory in MESSAGES:
        with open(os.path.join(root, directory, topology), "rb") as node:
            yield directory, node.read()


def read_zookeeper(root, topology, server, credentials=None):
    from kazoo.client import KazooClient

    client = KazooClient(server, auth_data=[("digest", credentials)] if credentials else None)
    client.start()
    listed = []
    client.ChildrenWatch(f"{root}/topologies", listed.extend)
    assert listed == [topology], listed
    for directory in MESSAGES:
        seen = []
        client.DataWatch(f"{root}/{directory}/{topology}", lambda data, stat: seen.append(data))
        yield directory, seen[0]
    client.stop()


def check_physical_plan(plan):
    """What heron-tracker takes for granted."""
    managers = {manager.id for manager in plan.stmgrs}
    for manager in plan.stmgrs:
        assert manager.shell_port and manager.cwd and manager.pid, manager
    components = {part.comp.name for part in [*plan.topology.spouts, *plan.topology.bolts]}
    for instance in plan.instances:
        assert instance.stmgr_id in managers, instance
        container, rest = instance.instance_id[len("container_"):].split("_", 1)
        component, task = rest.rsplit("_", 1)
        assert f"stmgr-{container}" == instance.stmgr_id, instance
        assert component == instance.info.component_name and component in components, instance
        assert int(task) == instance.info.task_id, instance
    assert {instance.info.component_name for instance in plan.instances} == components, plan


decoded = {}
read = read_zookeeper if len(sys.argv) > 4 else read_files
for directory, data in read(*sys.argv[2:]):
    message = decoded[directory] = MESSAGES[directory]()
    message.ParseFromString(data)
    assert message.IsInitialized(), directory
    assert not message.UnknownFields(), directory
    print(directory)
check_physical_plan(decoded["pplans"])
assert decoded["topologies"].id == decoded["pplans"].topology.id == decoded["executionstate"].topology_id
assert all(decoded["executionstate"].HasField(field) for field in ("cluster", "environ", "role", "submission_user"))
assert decoded["tmanagers"].host and decoded["tmanagers"].stats_port and decoded["schedulers"].http_endpoint
