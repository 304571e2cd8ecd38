"""The life of an instance: registration, plans, reconnecting, stopping."""
import unittest

from heronpy.proto import stmgr_pb2, topology_pb2

from InstanceTesting.case import packet
from JavaTests.instance.support.case import InstanceCase, data_set

# What heron-executor passes for an instance of 1 GB, but for a smaller heap.
EXECUTORS_OPTIONS = """-Xmx64M -Xms64M -XX:MaxMetaspaceSize=128M -XX:MetaspaceSize=128M -XX:ReservedCodeCacheSize=64M
-XX:+PrintCommandLineFlags -Djava.net.preferIPv4Stack=true -XX:-UseSerialGC -XX:+UseG1GC
-XX:+ParallelRefProcEnabled -XX:+UseStringDeduplication -XX:MaxGCPauseMillis=100
-XX:InitiatingHeapOccupancyPercent=30 -XX:ParallelGCThreads=4""".split()


class Registration(InstanceCase):
    def test_registers_with_its_identity_and_takes_the_plan_from_a_message(self):
        plan = self.plan()
        expected = next(task for task in plan.instances if task.info.component_name == "echo")
        expected.info.remote_debugger_port = 5005
        process = self.start(plan, "echo", jvm=EXECUTORS_OPTIONS, remote_debugger_port=5005)
        connection = self.accept()
        request = connection.register()
        self.assertEqual((request.topology_name, request.topology_id), (plan.topology.name, plan.topology.id))
        self.assertEqual(request.instance, expected)
        connection.send_plan(plan)
        self.assertEqual(self.answers(connection, "data"), ["kept null"])
        self.assert_stops(process)

    def test_tries_again_when_refused(self):
        plan = self.plan()
        process = self.start(plan, "numbers")
        self.accept().register(status=2, message="task 1 is connected already")
        connection = self.accept()
        connection.register(plan)
        self.tuples(connection, 1)
        self.assert_stops(process)
        self.assertIn("registration refused: task 1 is connected already; trying again", self.log())

    def test_waits_for_a_stream_manager_that_is_not_there_yet(self):
        plan = self.plan()
        port = self.stream_manager.port
        self.stream_manager.close()
        process = self.start(plan, "numbers", stmgr_port=port)
        self.wait_for_log(process, "Connection refused; trying again")
        self.assert_stops(process)

    def test_gives_up_when_the_stream_manager_stays_away(self):
        (self.folder / "override.yaml").write_text("heron.instance.reconnect.streammgr.times: '1'\n")
        port = self.stream_manager.port
        self.stream_manager.close()
        errors = self.assert_exits(self.start(self.plan(), "numbers", stmgr_port=port), 1)
        self.assertIn(f"stream manager stmgr-1 on port {port}: Connection refused; given up after 1 s", errors)
        self.assertEqual(len(errors.splitlines()), 1, errors)


class Plans(InstanceCase):
    def test_a_spout_pauses_while_the_topology_is_deactivated(self):
        plan = self.plan(component_config={"last": "1000000000"})
        process, connection = self.run_component(plan, "numbers")
        self.tuples(connection, 1)
        connection.send_plan(self.plan(topology_pb2.PAUSED))
        self.assertEqual(self.events(connection, 1), ["deactivated"])
        self.wait_until_idle(process)
        connection.send_plan(plan)
        self.assertEqual(self.events(connection, 1), ["activated"])
        self.tuples(connection, 1)
        self.assert_stops(process)

    def test_a_spout_deployed_deactivated_starts_with_the_first_active_plan(self):
        process, connection = self.run_component(self.plan(topology_pb2.PAUSED), "numbers")
        self.assertEqual(self.events(connection, 1), ["opened as numbers 1"])
        connection.send_plan(self.plan())
        self.assertEqual(self.tuples(connection, 10), [[number] for number in range(10)])
        self.assert_stops(process)
        self.assertEqual(self.events(connection, 1), ["closed"])

    def test_a_bolt_works_on_while_the_topology_is_deactivated(self):
        process, connection = self.run_component(self.plan(topology_pb2.PAUSED), "echo")
        self.assertEqual(self.answers(connection, "data"), ["kept null"])
        self.assert_stops(process)

    def test_components_are_told_of_a_new_plan_and_see_the_runtime_configuration(self):
        process, connection = self.run_component(self.plan(), "echo")
        self.answers(connection, "data")
        changed = self.plan(config={"greeting:runtime": "hello"})
        instance = next(task for task in changed.instances if task.info.component_name == "echo")
        changed.instances.add().CopyFrom(instance)
        changed.instances[-1].instance_id = "container_2_echo_50"
        changed.instances[-1].info.task_id = 50
        connection.send_plan(changed)
        self.assertEqual(self.events(connection, 1), ["updated hello [5, 6, 50]"])
        self.assertEqual(self.answers(connection, "config greeting:runtime"), ["hello String"])
        self.assert_stops(process)

    def test_a_custom_grouping_follows_a_new_plan(self):
        plan = self.plan(component_config={"last": "1000000000"})
        process, connection = self.run_component(plan, "numbers")
        self.tuples(connection, 1)
        del plan.instances[7]  # The second task of the bolt.
        connection.send_plan(plan)
        while {tuple(item.dest_task_ids) for item in self.raw_tuples(connection, 1)} != {(7,)}:
            pass
        self.assert_stops(process)

    def test_ends_when_its_assignment_changes(self):
        plan = self.plan()
        process, connection = self.run_component(plan, "numbers")
        self.tuples(connection, 1)
        plan.instances[0].info.task_id = 7
        connection.send_plan(plan)
        self.assertIn("the assignment of container_1_numbers_1 has changed", self.assert_exits(process, 1))

    def test_ends_when_the_plan_lacks_it(self):
        plan = self.plan()
        process = self.start(plan, "numbers")
        del plan.instances[0]
        self.accept().register(plan)
        self.assertIn("the physical plan has no instance container_1_numbers_1", self.assert_exits(process, 1))


class Connections(InstanceCase):
    def test_reconnects_and_goes_on(self):
        plan = self.plan()
        process, connection = self.run_component(plan, "echo")
        self.answers(connection, "data")
        connection.close()
        connection = self.accept()
        connection.register(plan)
        self.assertEqual(self.answers(connection, "data"), ["kept null"])
        self.assert_stops(process)
        self.assertEqual(self.printed("ready"), ["ready"], "the bolt must not be prepared anew")

    def test_bytes_that_are_no_packet_end_the_connection_only(self):
        plan = self.plan()
        broken = [
            b"\xff" * 64,
            packet("heron.proto.system.HeronTupleSet2", b"\x0a\xff"),
            packet("heron.proto.stmgr.NewInstanceAssignmentMessage", b""),
            (8).to_bytes(4, "big") + b"\x00\x00\x01\x00abcd",
        ]
        process = self.start(plan, "echo")
        for data in broken:
            connection = self.accept()
            connection.register(plan)
            connection.send_raw(data)
            with self.assertRaises(ConnectionError):
                self.raw_tuples(connection, 1)
        connection = self.accept()
        connection.register(plan)
        self.answers(connection, "data")
        self.assert_stops(process)
        self.assertEqual(self.log().count("it sent "), len(broken))

    def test_ignores_messages_it_does_not_know(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(stmgr_pb2.StrMgrHelloRequest(topology_name="t", topology_id="i", stmgr="s"))
        connection.send_raw(packet("heron.proto.stmgr.Unheard", b"\xff"))
        response = stmgr_pb2.RegisterInstanceResponse()
        response.status.status = 2
        connection.send(response, b"\x01" * 32)  # Nobody has asked for it.
        self.answers(connection, "data")
        self.assert_stops(process)

    def test_a_spout_waits_for_a_stream_manager_that_does_not_read(self):
        plan = self.plan(component_config={"last": "1000000000"})
        process, connection = self.run_component(plan, "numbers")
        self.tuples(connection, 1)
        # Its memory must stop growing: as long as it emits, it uses the processor.
        self.wait_until_idle(process)
        connection.skip(10 << 20)  # More than the instance and the kernel can have had in store.
        self.assert_stops(process)

    def test_a_bolt_that_is_slow_makes_the_stream_manager_wait(self):
        process, connection = self.run_component(self.plan(), "echo")
        gate = self.folder / "gate"
        connection.send(data_set([[f"wait {gate}"]]))
        self.wait_for_log(process, "waiting")
        megabyte = data_set([["skip " + "x" * 1000]] * 1000)
        count, rest = connection.send_while_taken(megabyte, 64)
        self.assertLess(count, 32)
        gate.touch()
        connection.send_raw(rest)
        connection.send(data_set([["data"]]))
        self.assertEqual([answer for (answer,) in self.tuples(connection, 2)], ["waited", "kept null"])
        self.assert_stops(process)

    def test_a_bolt_that_keeps_up_is_sent_more_again_and_again(self):
        process, connection = self.run_component(self.plan(), "echo")
        megabyte = data_set([["skip " + "x" * 1000]] * 1000)
        for _ in range(100):
            connection.send(megabyte)
        self.answers(connection, "data")
        self.assert_stops(process)

    def test_registers_anew_after_it_had_no_room_for_tuples(self):
        plan = self.plan()
        process, connection = self.run_component(plan, "echo")
        gate = self.folder / "gate"
        connection.send(data_set([[f"wait {gate}"]]))
        self.wait_for_log(process, "waiting")
        connection.send_while_taken(data_set([["skip " + "x" * 1000]] * 1000), 64)
        connection.close()
        gate.touch()
        connection = self.accept()
        connection.register(plan)
        self.answers(connection, "data")
        self.assert_stops(process)


class Stopping(InstanceCase):
    def test_sigterm_closes_a_spout_and_sends_what_it_emits_then(self):
        process, connection = self.run_component(self.plan(), "numbers")
        self.tuples(connection, 10)
        self.assertEqual(self.assert_stops(process), "")
        self.assertEqual(self.events(connection, 1), ["closed"])

    def test_sigterm_cleans_up_a_bolt(self):
        process, connection = self.run_component(self.plan(), "echo")
        self.answers(connection, "data")
        self.assertEqual(self.assert_stops(process), "")
        self.assertEqual(self.events(connection, 1), ["cleaned up"])

    def test_sigterm_cuts_off_code_that_does_not_return(self):
        plan = self.plan(component_config={"hang.at": "5"})
        process, _ = self.run_component(plan, "numbers")
        self.wait_for_log(process, "hanging")
        errors = self.assert_stops(process)
        self.assertIn("container_1_numbers_1: code of the topology did not return within 500 ms", errors)

    def test_an_exception_while_closing_loses_nothing(self):
        process, connection = self.run_component(self.plan(component_config={"fail.in": "close"}), "numbers")
        self.tuples(connection, 10)
        self.assertEqual(self.assert_stops(process), "")
        self.assertEqual(self.events(connection, 1), ["closed"])
        self.assertIn("while stopping\njava.lang.IllegalStateException: boom in close\n", self.log())

    def test_sigterm_before_there_is_a_plan(self):
        process = self.start(self.plan(), "numbers")
        self.accept().receive()
        self.assertEqual(self.assert_stops(process), "")


if __name__ == "__main__":
    unittest.main()
