package org.apache.heron.examples.api;

import java.util.List;

import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.common.basics.ByteAmount;
import org.apache.heron.examples.api.bolt.ExclamationBolt;
import org.apache.heron.examples.api.spout.TestWordSpout;

/** A grouping of the topology's own: all words go to the first of the bolt's tasks. */
public final class CustomGroupingTopology {
    private CustomGroupingTopology() {
    }

    public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
        String name = Examples.name(args, CustomGroupingTopology.class);
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("word", new TestWordSpout(), 2);
        builder.setBolt("mybolt", new ExclamationBolt(), 2).customGrouping("word", new FirstTaskGrouping());

        Config conf = new Config();
        conf.setNumStmgrs(2);
        conf.setComponentRam("word", ByteAmount.fromMegabytes(512));
        conf.setComponentRam("mybolt", ByteAmount.fromMegabytes(512));
        conf.setContainerDiskRequested(ByteAmount.fromGigabytes(2));
        conf.setContainerRamRequested(ByteAmount.fromGigabytes(3));
        conf.setContainerCpuRequested(2);
        HeronSubmitter.submitTopology(name, conf, builder.createTopology());
    }

    /** Chooses the first of the tasks. */
    public static class FirstTaskGrouping implements CustomStreamGrouping {
        private static final long serialVersionUID = 1L;

        private transient List<Integer> first;

        @Override
        public void prepare(TopologyContext context, String component, String streamId, List<Integer> targetTasks) {
            first = List.of(targetTasks.get(0));
        }

        @Override
        public List<Integer> chooseTasks(List<Object> values) {
            return first;
        }
    }
}
