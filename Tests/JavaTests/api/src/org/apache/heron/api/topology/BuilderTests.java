package org.apache.heron.api.topology;

import static org.apache.heron.api.testing.Check.equal;
import static org.apache.heron.api.testing.Check.fails;
import static org.apache.heron.api.testing.Check.test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.apache.heron.api.Config;
import org.apache.heron.api.bolt.BaseBasicBolt;
import org.apache.heron.api.bolt.BasicOutputCollector;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.testing.Parts;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.utils.Utils;

/** Tests of what TopologyBuilder and the declarers build and refuse. */
public final class BuilderTests {
    private BuilderTests() {
    }

    /** Not serializable: it holds a thread, two objects down. */
    static final class HolderSpout extends Parts.Spout {
        private static final long serialVersionUID = 1L;
        final ArrayList<Object> parts = new ArrayList<>(List.of("text", new Holder()));
    }

    static final class Holder implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
        @SuppressWarnings("serial") // on purpose
        final Thread worker = new Thread();
        final transient Thread unwritten = new Thread();
    }

    static final class BasicBolt extends BaseBasicBolt {
        private static final long serialVersionUID = 1L;
        @SuppressWarnings("serial") // on purpose
        final Supplier<String> supplier = () -> "";

        @Override
        public void execute(Tuple input, BasicOutputCollector collector) {
        }

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {
        }
    }

    static final class Grouping implements CustomStreamGrouping {
        private static final long serialVersionUID = 1L;
        @SuppressWarnings("serial") // on purpose
        Object member;

        @Override
        public void prepare(TopologyContext context, String component, String streamId, List<Integer> targetTasks) {
        }

        @Override
        public List<Integer> chooseTasks(List<Object> values) {
            return List.of();
        }
    }

    private static TopologyAPI.Topology built(TopologyBuilder builder) {
        return builder.createTopology().setName("t").setState(TopologyAPI.TopologyState.RUNNING)
            .setConfig(new Config()).getTopology();
    }

    public static void run() {
        test("builder: inputs, outputs and settings of components", BuilderTests::wholeTopology);
        test("builder: refuses names", () -> {
            TopologyBuilder builder = new TopologyBuilder();
            builder.setSpout("a", new Parts.Spout());
            fails(IllegalArgumentException.class, () -> builder.setBolt("a", new Parts.Bolt()), "'a'", "twice");
            fails(IllegalArgumentException.class, () -> builder.setSpout("a,b", new Parts.Spout()), "'a,b'", "comma");
            fails(IllegalArgumentException.class, () -> builder.setSpout("a:b", new Parts.Spout()), "'a:b'", "colon");
            fails(IllegalArgumentException.class, () -> builder.setSpout("", new Parts.Spout()), "no name");
            fails(IllegalArgumentException.class, () -> builder.setSpout(null, new Parts.Spout()), "no name");
        });
        test("builder: refuses components and parallelism", () -> {
            TopologyBuilder builder = new TopologyBuilder();
            fails(IllegalArgumentException.class, () -> builder.setSpout("a", null), "'a'", "null");
            fails(IllegalArgumentException.class, () -> builder.setBolt("a", (BasicBolt) null), "'a'", "null");
            fails(IllegalArgumentException.class, () -> builder.setSpout("a", new Parts.Spout(), 0),
                "spout 'a'", "parallelism of 0");
            fails(IllegalArgumentException.class, () -> builder.setBolt("a", new Parts.Bolt(), -1), "bolt 'a'", "-1");
        });
        test("builder: refuses streams declared twice or without fields", () -> {
            OutputFieldsGetter declarer = new OutputFieldsGetter();
            declarer.declare(new Fields("a"));
            fails(IllegalArgumentException.class, () -> declarer.declare(true, new Fields("b")), "'default'", "twice");
            fails(IllegalArgumentException.class, () -> declarer.declareStream("s", null), "without fields");
        });
        test("builder: names the field of a spout that is not serializable", () -> {
            TopologyBuilder builder = new TopologyBuilder();
            builder.setSpout("a", new HolderSpout());
            fails(IllegalArgumentException.class, builder::createTopology, "spout 'a'",
                "HolderSpout.parts[1].worker", "is a java.lang.Thread", "transient");
        });
        test("builder: names the field of a basic bolt that is not serializable", () -> {
            TopologyBuilder builder = new TopologyBuilder();
            builder.setBolt("b", new BasicBolt());
            fails(IllegalArgumentException.class, builder::createTopology, "bolt 'b'", ".bolt.supplier", "BasicBolt");
        });
        test("builder: names the bolt whose grouping is not serializable", () -> {
            Grouping grouping = new Grouping();
            grouping.member = new Object();
            fails(IllegalArgumentException.class,
                () -> new TopologyBuilder().setBolt("b", new Parts.Bolt()).customGrouping("a", grouping),
                "bolt 'b'", "'a'", "Grouping.member", "java.lang.Object");
        });
        test("topology: refuses to be built without name", () -> fails(IllegalArgumentException.class,
            () -> new TopologyBuilder().createTopology().getTopology(), "no name"));
    }

    private static void wholeTopology() {
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("spout", new Parts.Spout(), 3).setMaxSpoutPending(5).setDebug(true);
        builder.setBolt("bolt", new Parts.Bolt())
            .fieldsGrouping("spout", new Fields("b"))
            .allGrouping("spout", "other").directGrouping("spout").globalGrouping("spout").noneGrouping("spout")
            .shuffleGrouping("spout").localOrShuffleGrouping("spout").customGrouping("spout", new Grouping())
            .addConfiguration("own", 1);
        TopologyAPI.Topology topology = built(builder);
        equal(topology.getId().matches("t[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), true);
        TopologyAPI.Spout spout = topology.getSpouts(0);
        equal(spout.getOutputsCount(), 2);
        equal(spout.getComp().getConfig().getKvsCount(), 3);
        equal(Utils.deserialize(spout.getComp().getSerializedObject().toByteArray()).getClass(), Parts.Spout.class);
        StringBuilder groupings = new StringBuilder();
        for (TopologyAPI.InputStream input : topology.getBolts(0).getInputsList()) {
            groupings.append(input.getGtype()).append(' ').append(input.getStream().getId()).append(' ');
        }
        equal(groupings.toString(), "FIELDS default ALL other DIRECT default LOWEST default NONE default "
            + "SHUFFLE default SHUFFLE default CUSTOM default ");
        equal(topology.getBolts(0).getInputs(0).getGroupingFields().getKeys(0).getKey(), "b");
    }
}
