"""Two stream managers of a topology, and connections as its instances."""
import os
import pathlib
import socket
import struct
import subprocess
import tempfile
import threading
import time

from heronpy.proto import common_pb2, physical_plan_pb2, stmgr_pb2, tmanager_pb2, topology_pb2, tuple_pb2

NAME, ID = "Bench", "Bench-1"


def packet(message, request_id=bytes(32)):
    """The bytes of a message on the wire."""
    name, body = message.DESCRIPTOR.full_name.encode(), message.SerializeToString()
    content = struct.pack(">I", len(name)) + name + request_id + struct.pack(">I", len(body)) + body
    return struct.pack(">I", len(content)) + content


def receive(connection, kinds):
    """The next message of one of the kinds, and its request id; others are passed over."""
    by_name = {kind.DESCRIPTOR.full_name: kind for kind in kinds}
    while True:
        content = _read(connection, struct.unpack(">I", _read(connection, 4))[0])
        size = struct.unpack_from(">I", content)[0]
        kind = by_name.get(content[4 : 4 + size].decode())
        if kind:
            return content[4 + size : 36 + size], kind.FromString(content[40 + size :])


def _read(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ConnectionError("closed")
        data += more
    return data


def tuples(count, payload):
    """A set of tuples of the source."""
    message = tuple_pb2.HeronTupleSet(src_task_id=1)
    message.data.stream.id, message.data.stream.component_name = "default", "source"
    for _ in range(count):
        message.data.tuples.add(key=0, values=[payload])
    return message


def topology():
    """A source, and a sink that shares its tuples among its tasks."""
    made = topology_pb2.Topology(id=ID, name=NAME, state=topology_pb2.RUNNING)
    made.topology_config.SetInParent()
    spout, bolt = made.spouts.add(), made.bolts.add()
    for component, name in ((spout.comp, "source"), (bolt.comp, "sink")):
        component.name = name
        component.spec = topology_pb2.PYTHON_CLASS_NAME
        component.config.SetInParent()
    output, source = spout.outputs.add(), bolt.inputs.add(gtype=topology_pb2.SHUFFLE)
    for stream in (output.stream, source.stream):
        stream.id, stream.component_name = "default", "source"
    output.schema.keys.add(key="value", type=topology_pb2.OBJECT)
    return made


def instance(component, task, container):
    """An instance of a physical plan."""
    info = physical_plan_pb2.InstanceInfo(task_id=task, component_index=0, component_name=component)
    return physical_plan_pb2.Instance(instance_id=f"container_{container}_{component}_{task}",
                                      stmgr_id=f"stmgr-{container}", info=info)


class TopologyManager(threading.Thread):
    """Answers to stream managers; gives them the plan once all have registered."""

    def __init__(self, containers):
        super().__init__(daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._missing, self._lock, self._connections = containers, threading.Lock(), []
        self._plan = physical_plan_pb2.PhysicalPlan(topology=topology())

    def run(self):
        while True:
            connection = self._listener.accept()[0]
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        kinds = (tmanager_pb2.StMgrRegisterRequest, tmanager_pb2.StMgrHeartbeatRequest)
        try:
            while True:
                request_id, message = receive(connection, kinds)
                fine = common_pb2.Status(status=common_pb2.OK)
                if isinstance(message, tmanager_pb2.StMgrHeartbeatRequest):
                    connection.sendall(packet(tmanager_pb2.StMgrHeartbeatResponse(status=fine), request_id))
                else:
                    connection.sendall(packet(tmanager_pb2.StMgrRegisterResponse(status=fine), request_id))
                    self._registered(message, connection)
        except OSError:
            pass

    def _registered(self, request, connection):
        with self._lock:
            self._plan.stmgrs.append(request.stmgr)
            self._plan.instances.extend(request.instances)
            self._connections.append(connection)
            self._missing -= 1
            if self._missing == 0:
                for each in self._connections:
                    each.sendall(packet(stmgr_pb2.NewPhysicalPlanMessage(new_pplan=self._plan)))


class Cluster:
    """A source in the first container, sinks in the second."""

    def __init__(self, home, sinks=1):
        self._folder = tempfile.TemporaryDirectory(prefix="heron-bench-")
        folder = pathlib.Path(self._folder.name)
        (folder / "state/tmanagers").mkdir(parents=True)
        manager = TopologyManager(containers=2)
        manager.start()
        location = tmanager_pb2.TManagerLocation(topology_name=NAME, topology_id=ID, host="127.0.0.1",
                                                 controller_port=1, server_port=manager.port)
        (folder / f"state/tmanagers/{NAME}").write_bytes(location.SerializeToString())
        (folder / f"{NAME}.defn").write_bytes(topology().SerializeToString())
        instances = [[instance("source", 1, 1)], [instance("sink", 2 + index, 2) for index in range(sinks)]]
        self.processes, ports = [], []
        for container, members in enumerate(instances, 1):
            ports.append(free_port())
            self.processes.append(self._start(home, folder, container, members, ports[-1]))
        connections = [register(member, port) for members, port in zip(instances, ports) for member in members]
        self.source, self.sinks = connections[0], connections[1:]
        for connection in connections:
            receive(connection, [stmgr_pb2.NewInstanceAssignmentMessage])
        self._wait_for_peer(folder)

    def _start(self, home, folder, container, members, port):
        arguments = {
            "topology_name": NAME, "topology_id": ID, "topologydefn_file": folder / f"{NAME}.defn",
            "zkroot": folder / "state", "stmgr_id": f"stmgr-{container}", "shell_port": 0, "data_port": 0,
            "instance_ids": ",".join(member.instance_id for member in members), "myhost": "127.0.0.1",
            "local_data_port": port, "config_file": home / "conf/local/heron_internals.yaml",
        }
        with open(folder / f"stmgr-{container}.log", "wb") as log:
            return subprocess.Popen([home / "dist/heron-core/bin/heron-stmgr",
                                     *(f"--{name}={value}" for name, value in arguments.items())],
                                    stdout=log, stderr=log, cwd=folder)

    def _wait_for_peer(self, folder):
        deadline = time.monotonic() + 20
        while b"connected to stmgr-2" not in (folder / "stmgr-1.log").read_bytes():
            if time.monotonic() > deadline:
                raise TimeoutError((folder / "stmgr-1.log").read_text())
            time.sleep(0.02)

    def cpu(self):
        """Seconds of processor time of both."""
        return sum(cpu(process) for process in self.processes)

    def memory(self, name="VmRSS"):
        """The larger one's memory in MB, now (VmRSS) or at most (VmHWM)."""
        return max(memory(process, name) for process in self.processes)

    def close(self):
        """Ends them."""
        for connection in [self.source, *self.sinks]:
            connection.close()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
        self._folder.cleanup()


def register(member, port):
    """A connection to a stream manager as an instance."""
    deadline = time.monotonic() + 20
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port))
            break
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    request = stmgr_pb2.RegisterInstanceRequest(instance=member, topology_name=NAME, topology_id=ID)
    connection.sendall(packet(request, b"\1" * 32))
    response = receive(connection, [stmgr_pb2.RegisterInstanceResponse])[1]
    if response.status.status != common_pb2.OK:
        raise ConnectionError(response.status.message)
    return connection


def free_port():
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def cpu(process):
    """Seconds of processor time of a process."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process, name):
    """A line of a process's status, in MB."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise ValueError(name)
