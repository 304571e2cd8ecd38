package org.apache.heron.examples.api;

import java.time.Duration;
import java.util.Map;

import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.examples.api.spout.TrackedWordSpout;

/** Tracked tuples: the bolt acks some and fails some, and the spout is told. */
public final class AckingTopology {
    private AckingTopology() {
    }

    public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
        String name = Examples.name(args, AckingTopology.class);
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("word", new TrackedWordSpout(Duration.ofMillis(200)), 2);
        builder.setBolt("exclaim1", new AckingBolt(), 2).shuffleGrouping("word");

        Config conf = new Config();
        conf.setDebug(true);
        conf.setMessageTimeoutSecs(10);
        // More than there ever are: nothing waits for acks.
        conf.setMaxSpoutPending(1_000_000_000);
        conf.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
        conf.put(Config.TOPOLOGY_WORKER_CHILDOPTS, "-XX:+HeapDumpOnOutOfMemoryError");
        Examples.requestInstances(conf, "word", "exclaim1");
        Examples.requestContainers(conf, 4, 2);
        HeronSubmitter.submitTopology(name, conf, builder.createTopology());
    }

    /** Fails every second word, forgets every tenth, so that it is too late, and acks the others. */
    public static class AckingBolt extends BaseRichBolt {
        private static final long serialVersionUID = 1L;

        private transient OutputCollector collector;
        private transient long words;

        @Override
        public void prepare(Map<String, Object> conf, TopologyContext context, OutputCollector outputCollector) {
            collector = outputCollector;
        }

        @Override
        public void execute(Tuple tuple) {
            System.out.println(tuple.getString(0) + "!!!");
            words++;
            if (words % 10 == 0) {
                return;
            }
            if (words % 2 == 0) {
                collector.fail(tuple);
            } else {
                collector.ack(tuple);
            }
        }

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {
        }
    }
}
