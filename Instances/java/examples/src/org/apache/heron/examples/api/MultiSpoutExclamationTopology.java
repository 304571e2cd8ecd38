package org.apache.heron.examples.api;

import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.common.basics.ByteAmount;
import org.apache.heron.examples.api.bolt.ExclamationBolt;
import org.apache.heron.examples.api.spout.TestWordSpout;

/** Three spouts of words, and one bolt that prints what all of them emit. */
public final class MultiSpoutExclamationTopology {
    private MultiSpoutExclamationTopology() {
    }

    public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
        String name = Examples.name(args, MultiSpoutExclamationTopology.class);
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("word0", new TestWordSpout(), 2);
        builder.setSpout("word1", new TestWordSpout(), 2);
        builder.setSpout("word2", new TestWordSpout(), 2);
        builder.setBolt("exclaim1", new ExclamationBolt(), 2)
            .shuffleGrouping("word0")
            .shuffleGrouping("word1")
            .shuffleGrouping("word2");

        Config conf = new Config();
        conf.setDebug(true);
        conf.setMaxSpoutPending(10);
        conf.put(Config.TOPOLOGY_WORKER_CHILDOPTS, "-XX:+HeapDumpOnOutOfMemoryError");
        Examples.requestInstances(conf, "word0", "word1", "word2", "exclaim1");
        conf.setNumStmgrs(3);
        conf.setContainerDiskRequested(ByteAmount.fromGigabytes(3));
        conf.setContainerRamRequested(ByteAmount.fromGigabytes(5));
        conf.setContainerCpuRequested(4);
        HeronSubmitter.submitTopology(name, conf, builder.createTopology());
    }
}
