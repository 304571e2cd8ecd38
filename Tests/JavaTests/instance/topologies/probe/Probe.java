package probe;

import java.time.Duration;
import java.util.List;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.tuple.Fields;

/** Defines topologies whose components tell the test what happens to them, on the stream "events". */
public final class Probe {
    private Probe() {}

    public static void main(String[] arguments) throws Exception {
        submit("Probe", new Config());
        Config configured = new Config();
        configured.put("own.list", List.of("one", 2, new UserValue("three", 3)));
        configured.put("own.text", "of the topology");
        Config.setAutoTaskHooks(configured, List.of(NotingHook.class.getName()));
        Config.registerTopologyTimerEvents(configured, "heartbeat", Duration.ofMillis(10), new Heartbeat());
        submit("Configured", configured);
    }

    private static void submit(String name, Config config) throws Exception {
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("numbers", new NumberSpout(), 1);
        builder.setSpout("samples", new SampleSpout(), 1);
        builder.setBolt("echo", new EchoBolt(), 2).fieldsGrouping("numbers", new Fields("number"));
        builder.setBolt("grouped", new EchoBolt(), 2).customGrouping("numbers", new ModuloGrouping());
        builder.setBolt("checker", new SampleBolt(), 2).shuffleGrouping("samples");
        builder.setBolt("unreadable", new UnreadableBolt(), 2).shuffleGrouping("samples");
        HeronSubmitter.submitTopology(name, config, builder.createTopology());
    }
}
