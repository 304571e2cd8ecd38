"""The life of an instance: registration, plans, reconnecting, failing, stopping."""
import unittest

from heronpy.proto import stmgr_pb2, topology_pb2

from InstanceTests.support.case import InstanceCase, data_set, packet


class Registration(InstanceCase):
    def test_registers_with_its_identity(self):
        plan = self.plan()
        self.start(plan, "echo")
        request = self.accept().register(plan)
        self.assertEqual((request.topology_name, request.topology_id), (plan.topology.name, plan.topology.id))
        self.assertEqual(request.instance, plan.instances[1])

    def test_takes_the_plan_from_the_response_or_from_a_message(self):
        plan = self.plan()
        self.start(plan, "numbers")
        connection = self.accept()
        connection.register()
        connection.send_plan(plan)
        self.assertEqual(self.tuples(connection, 10)[:10], [[number] for number in range(10)])

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
        plan = self.plan()
        (self.folder / "override.yaml").write_text("heron.instance.reconnect.streammgr.times: '1'\n")
        port = self.stream_manager.port
        self.stream_manager.close()
        errors = self.assert_exits(self.start(plan, "numbers", stmgr_port=port), 1)
        self.assertIn(f"stream manager stmgr-1 on port {port}: Connection refused; given up after 1 s", errors)


class Plans(InstanceCase):
    def test_a_spout_pauses_while_the_topology_is_deactivated(self):
        plan = self.plan(component_config={"last": "1000000000"})
        process, connection = self.run_component(plan, "numbers")
        self.tuples(connection, 1)
        connection.send_plan(self.plan(topology_pb2.PAUSED))
        self.assertEqual(self.tuples(connection, 1, "events"), [["deactivated"]])
        connection.send_plan(plan)
        self.assertEqual(self.tuples(connection, 1, "events"), [["activated"]])
        self.tuples(connection, 1)
        self.assert_stops(process)

    def test_a_spout_deployed_deactivated_starts_with_the_first_active_plan(self):
        process, connection = self.run_component(self.plan(topology_pb2.PAUSED), "numbers")
        connection.send_plan(self.plan())
        self.assertEqual(self.tuples(connection, 1, "events"), [["initialized as numbers 1"]])
        self.assertEqual(len(self.tuples(connection, 10)), 10)
        self.assert_stops(process)

    def test_a_bolt_works_on_while_the_topology_is_deactivated(self):
        process, connection = self.run_component(self.plan(topology_pb2.PAUSED), "echo")
        connection.send(data_set([["tasks", "grouped"]]))
        self.assertEqual(self.tuples(connection, 1), [[[4, 5]]])
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
        connection.send(data_set([["tasks", "echo"]]))
        self.tuples(connection, 1)
        connection.close()
        connection = self.accept()
        connection.register(plan)
        connection.send(data_set([["tasks", "echo"]]))
        self.assertEqual(self.tuples(connection, 1), [[[2, 3]]])
        self.assert_stops(process)
        self.assertEqual(self.log().count("ready"), 1, "the bolt must not be initialized anew")

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
                connection.receive()
        self.accept().register(plan)
        self.assert_stops(process)

    def test_ignores_messages_it_does_not_know(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(stmgr_pb2.StrMgrHelloRequest(topology_name="t", topology_id="i", stmgr="s"))
        connection.send_raw(packet("heron.proto.stmgr.Unheard", b"\xff"))
        connection.send(data_set([["tasks", "echo"]]))
        self.tuples(connection, 1)
        self.assert_stops(process)

    def test_a_spout_waits_for_a_stream_manager_that_does_not_read(self):
        plan = self.plan(component_config={"last": "1000000000"})
        process, connection = self.run_component(plan, "numbers")
        self.tuples(connection, 1)
        # Its memory must stop growing: as long as it emits, it uses the processor.
        self.wait_until_idle(process)
        connection.skip(10 << 20)  # More than the instance and the kernel can have had in store.
        self.assert_stops(process)


class Failures(InstanceCase):
    def test_an_exception_of_the_user_ends_the_process_with_its_traceback(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["raise"]]))
        errors = self.assert_exits(process, 1)
        for text in (errors, self.log()):
            self.assertIn("container_1_echo_2: RuntimeError: boom, as asked", text)
            self.assertIn("Traceback (most recent call last)", text)
            self.assertIn('raise RuntimeError("boom, as asked")', text)

    def test_threads_of_the_user_do_not_keep_a_failed_process(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["thread and raise"]]))
        self.assertIn("boom, with a thread", self.assert_exits(process, 1))

    def test_sys_exit_of_the_user_is_a_failure(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["exit"]]))
        self.assertIn("code of the topology called sys.exit(0)", self.assert_exits(process, 1))

    def test_emitting_to_an_undeclared_stream(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["undeclared"]]))
        self.assertIn("component 'echo' emits to stream 'nowhere', which it did not declare", self.assert_exits(process, 1))

    def test_a_tuple_larger_than_a_packet(self):
        (self.folder / "override.yaml").write_text(
            "heron.instance.network.options.maximum.packetsize.bytes: 100000\n"
        )
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["large", 90000], ["large", 100000]]))
        errors = self.assert_exits(process, 1)
        self.assertIn("echo emitted a tuple of 1000", errors)
        self.assertIn("heron.instance.network.options.maximum.packetsize.bytes = 100000", errors)

    def test_a_class_that_is_not_in_the_file(self):
        plan = self.plan()
        plan.topology.spouts[0].comp.class_name = "probe.Missing"
        process, _ = self.run_component(plan, "numbers")
        self.assertIn("has no class 'Missing'", self.assert_exits(process, 1))

    def test_files_that_cannot_be_used(self):
        plan = self.plan()
        broken = self.folder / "broken.py"
        broken.write_text("import nothing_of_that_name\n")
        text = self.folder / "text.pex"
        text.write_text("not an archive")
        (self.folder / "bad.yaml").write_text("heron.logging.maximum.files: 5\nno colon here\n")
        (self.folder / "words.yaml").write_text("heron.logging.maximum.files: many\n")
        for changed, message in (
            ({"topology_pex": "gone.pex"}, "topology file gone.pex does not exist"),
            ({"topology_pex": "internals.yaml"}, "is neither a .pex nor a .py file"),
            ({"topology_pex": text}, "is not a pex archive"),
            ({"topology_pex": broken}, "No module named 'nothing_of_that_name'"),
            ({"config_file": "gone.yaml"}, "cannot read configuration file gone.yaml"),
            ({"config_file": "bad.yaml"}, "bad.yaml:2: expected 'key: value', found 'no colon here'"),
            ({"config_file": "words.yaml"}, "words.yaml:1: heron.logging.maximum.files must be a positive whole"),
        ):
            with self.subTest(message):
                self.assertIn(message, self.assert_exits(self.start(plan, "numbers", **changed), 1))
        self.assertIn("invalid int value", self.assert_exits(self.start(plan, "numbers", task_id="x"), 2))


class Stopping(InstanceCase):
    def test_sigterm_closes_a_spout_and_sends_what_it_emits_then(self):
        process, connection = self.run_component(self.plan(), "numbers")
        self.tuples(connection, 10)
        self.assert_stops(process)
        self.assertEqual(self.tuples(connection, 1, "events")[-1], ["closed"])

    def test_sigterm_cleans_up_a_bolt(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["tasks", "echo"]]))
        self.tuples(connection, 1)
        self.assert_stops(process)
        self.assertEqual(self.tuples(connection, 1, "events"), [["cleaned up"]])

    def test_sigterm_cuts_off_code_that_does_not_return(self):
        plan = self.plan(component_config={"hang.at": "5"})
        process, _ = self.run_component(plan, "numbers")
        self.assertEqual(process.stdout.readline(), "hanging\n")
        self.assertIn("did not return within 0.5 s of SIGTERM", self.assert_stops(process, 1))

    def test_sigterm_before_there_is_a_plan(self):
        process = self.start(self.plan(), "numbers")
        self.accept().receive()
        self.assert_stops(process)

    def test_what_the_user_prints_is_seen_at_once(self):
        process, connection = self.run_component(self.plan(), "echo")
        connection.send(data_set([["print"]]))
        self.assertEqual(process.stdout.readline(), "printed by the bolt\n")
        self.assert_stops(process)


if __name__ == "__main__":
    unittest.main()
