package org.apache.heron.api;

import static org.apache.heron.api.testing.Check.equal;
import static org.apache.heron.api.testing.Check.fails;
import static org.apache.heron.api.testing.Check.test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.exception.TopologySubmissionException;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.testing.Parts;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.utils.TopologyUtils;
import org.apache.heron.api.utils.Utils;
import org.apache.heron.common.basics.ByteAmount;

/** Tests of what HeronSubmitter writes and refuses. */
public final class SubmitterTests {
    private SubmitterTests() {
    }

    /** What a test does with an empty folder. */
    private interface InFolder {
        void run(Path folder) throws Exception;
    }

    private static void testInFolder(String name, InFolder body) {
        test(name, () -> {
            Path folder = Files.createTempDirectory("heron api,test=");
            try {
                body.run(folder);
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    files.collect(Collectors.toList()).forEach(file -> file.toFile().delete());
                }
                Files.delete(folder);
            }
        });
    }

    private static void testRefused(String name, String topologyName, TopologyBuilder builder, Config config,
                                    String... parts) {
        testInFolder(name, folder -> {
            fails(InvalidTopologyException.class, () -> HeronSubmitter.submit(topologyName, config,
                builder.createTopology(), options(folder, "")), parts);
            equal(folder.toFile().list(), new String[0]);
        });
    }

    private static String options(Path folder, String more) {
        return ("cmdline.topologydefn.tmpdirectory=" + folder + more).replace(" ", "%%%%");
    }

    private static TopologyBuilder valid() {
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("spout", new Parts.Spout());
        builder.setBolt("bolt", new Parts.Bolt()).fieldsGrouping("spout", new Fields("a"));
        return builder;
    }

    private static Config with(String key, Object value) {
        return new Config(Map.of(key, value));
    }

    public static void run() {
        testInFolder("submitter: writes the definition, with defaults, role and environment", folder -> {
            Config config = new Config();
            HeronSubmitter.submit("t 1", config, valid().createTopology(), options(folder,
                ",cmdline.topology.initial.state=PAUSED,cmdline.topology.role=me,cmdline.topology.environment=prod"));
            equal(folder.toFile().list(), new String[] {"t 1.defn"});
            TopologyAPI.Topology topology = TopologyUtils.getTopology(folder.resolve("t 1.defn").toString());
            equal(topology.getState().name(), "PAUSED");
            equal(settings(topology), Map.ofEntries(Map.entry("topology.debug", "false"),
                Map.entry("topology.stmgrs", "1"), Map.entry("topology.message.timeout.secs", "30"),
                Map.entry("topology.component.parallelism", "1"), Map.entry("topology.max.spout.pending", "100"),
                Map.entry("topology.reliability.mode", "ATMOST_ONCE"),
                Map.entry("topology.enable.message.timeouts", "true"),
                Map.entry("topology.stateful.spill.state", "false"),
                Map.entry("topology.stateful.spill.state.location", "./spilled-state/"),
                Map.entry("topology.name", "t 1"), Map.entry("topology.team.name", "me"),
                Map.entry("topology.team.environment", "prod")));
            equal(config, Map.of());
        });
        testInFolder("submitter: refuses the same name twice", folder -> {
            HeronSubmitter.submit("t", new Config(), valid().createTopology(), options(folder, ""));
            fails(AlreadyAliveException.class,
                () -> HeronSubmitter.submit("t", new Config(), valid().createTopology(), options(folder, "")), "'t'");
            equal(folder.toFile().list(), new String[] {"t.defn"});
        });
        testInFolder("submitter: refuses an unknown state", folder -> fails(TopologySubmissionException.class,
            () -> HeronSubmitter.submit("t", new Config(), valid().createTopology(),
                options(folder, ",cmdline.topology.initial.state=ON")), "'ON'", "RUNNING or PAUSED"));
        testInFolder("submitter: names a folder that it cannot write to", folder -> fails(
            TopologySubmissionException.class, () -> HeronSubmitter.submit("t", new Config(),
                valid().createTopology(), options(folder.resolve("missing"), "")), "missing/t.defn", "NoSuchFile"));
        test("submitter: is run by heron submit only", () -> {
            fails(TopologySubmissionException.class, () -> HeronSubmitter.submit("t", new Config(),
                valid().createTopology(), null), "'t'", "HERON_OPTIONS is not set", "heron submit");
            fails(TopologySubmissionException.class, () -> HeronSubmitter.submit("t", new Config(),
                valid().createTopology(), "cmdline.topology.role=me"), "tmpdirectory", "heron submit");
            fails(UnsupportedOperationException.class, () -> HeronSubmitter.submitJar(new Config(), "x"));
        });
        names();
        inputs();
        settings();
        definitions();
    }

    private static void names() {
        testRefused("submitter: no name", null, valid(), new Config(), "no name");
        testRefused("submitter: an empty name", "", valid(), new Config(), "no name");
        testRefused("submitter: a dot in the name", "a.b", valid(), new Config(), "'a.b'");
        testRefused("submitter: a slash in the name", "a/b", valid(), new Config(), "'a/b'");
    }

    private static void inputs() {
        TopologyBuilder noSpout = new TopologyBuilder();
        noSpout.setBolt("bolt", new Parts.Bolt());
        testRefused("submitter: no spout", "t", noSpout, new Config(), "'t'", "no spout");
        TopologyBuilder component = valid();
        component.setBolt("b2", new Parts.Bolt()).shuffleGrouping("spuot");
        testRefused("submitter: an unknown component", "t", component, new Config(),
            "bolt 'b2'", "'spuot'", "[b2, bolt, spout]");
        TopologyBuilder stream = valid();
        stream.setBolt("b2", new Parts.Bolt()).shuffleGrouping("spout", "none");
        testRefused("submitter: an unknown stream", "t", stream, new Config(),
            "bolt 'b2'", "'none'", "'spout'", "[default, other]");
        TopologyBuilder field = valid();
        field.setBolt("b2", new Parts.Bolt()).fieldsGrouping("spout", new Fields("a", "x"));
        testRefused("submitter: an unknown field", "t", field, new Config(), "bolt 'b2'", "[x]", "[a, b]");
        TopologyBuilder parallelism = valid();
        parallelism.setSpout("s2", new Parts.Spout()).addConfiguration(Config.TOPOLOGY_COMPONENT_PARALLELISM, "0");
        testRefused("submitter: a parallelism set to 0", "t", parallelism, new Config(), "'s2'", "'0'");
    }

    private static void settings() {
        testRefused("submitter: no containers", "t", valid(), with("topology.stmgrs", 0), "topology.stmgrs", "'0'");
        testRefused("submitter: an unknown reliability mode", "t", valid(),
            with("topology.reliability.mode", "ONCE"), "'ONCE'", "ATLEAST_ONCE");
        testRefused("submitter: memory of an unknown component", "t", valid(),
            with("topology.component.rammap", "x:1"), "topology.component.rammap", "'x'");
        testRefused("submitter: a malformed map", "t", valid(),
            with("topology.component.cpumap", "spout"), "topology.component.cpumap", "'spout'");
        testRefused("submitter: a map with a value that is no number", "t", valid(),
            with("topology.component.diskmap", "spout:1G"), "topology.component.diskmap", "'1G'", "'spout'");
    }

    private static void definitions() {
        testInFolder("TopologyUtils reads what the submitter has written", folder -> {
            Config config = new Config();
            config.setComponentRam("spout", ByteAmount.fromBytes(5));
            config.setComponentRam("spout", ByteAmount.fromBytes(6));
            config.setNumStmgrs(2);
            config.addClasspath(config, "x.jar");
            TopologyBuilder builder = valid();
            builder.setSpout("s2", new Parts.Spout(), 4);
            HeronSubmitter.submit("t", config, builder.createTopology(), options(folder, ""));
            String file = TopologyUtils.lookUpTopologyDefnFile(folder.toString(), "t");
            TopologyAPI.Topology topology = TopologyUtils.getTopology(file);
            equal(TopologyUtils.getComponentParallelism(topology), Map.of("spout", 1, "bolt", 1, "s2", 4));
            equal(TopologyUtils.getTotalInstance(topology), 6);
            equal(TopologyUtils.getComponentRamMapConfig(topology), Map.of("spout", ByteAmount.fromBytes(6)));
            equal(TopologyUtils.getNumContainers(topology), 2);
            equal(TopologyUtils.shouldStartCkptMgr(topology), false);
            equal(TopologyUtils.makeClassPath(topology, "/a/t.jar"), "t.jar:x.jar");
            equal(TopologyUtils.makeClassPath(topology, "t.tar.gz"), "libs/*:t.jar:x.jar");
            fails(IllegalStateException.class,
                () -> TopologyUtils.lookUpTopologyDefnFile(folder.toString(), "u"), "u.defn");
        });
    }

    private static Map<String, Object> settings(TopologyAPI.Topology topology) {
        return topology.getTopologyConfig().getKvsList().stream().collect(Collectors.toMap(
            setting -> setting.getKey(),
            setting -> setting.hasValue() ? setting.getValue()
                : Utils.deserialize(setting.getSerializedValue().toByteArray())));
    }
}
