package org.apache.heron.examples.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.hooks.BaseTaskHook;
import org.apache.heron.api.hooks.info.BoltAckInfo;
import org.apache.heron.api.hooks.info.BoltExecuteInfo;
import org.apache.heron.api.hooks.info.BoltFailInfo;
import org.apache.heron.api.hooks.info.EmitInfo;
import org.apache.heron.api.hooks.info.SpoutAckInfo;
import org.apache.heron.api.hooks.info.SpoutFailInfo;
import org.apache.heron.api.metric.GlobalMetrics;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.common.basics.ByteAmount;
import org.apache.heron.examples.api.bolt.ExclamationBolt;
import org.apache.heron.examples.api.spout.TrackedWordSpout;

/** Hooks that are told what tasks do: one of every task by the topology's settings, one more by the bolt itself. */
public final class TaskHookTopology {
    private TaskHookTopology() {
    }

    public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
        String name = Examples.name(args, TaskHookTopology.class);
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("word", new TrackedWordSpout(Duration.ofMillis(100)), 2);
        builder.setBolt("count", new HookedBolt(), 2).shuffleGrouping("word");

        Config conf = new Config();
        conf.setDebug(true);
        conf.setMaxSpoutPending(1_000_000_000);
        conf.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
        conf.put(Config.TOPOLOGY_WORKER_CHILDOPTS, "-XX:+HeapDumpOnOutOfMemoryError");
        conf.setAutoTaskHooks(new ArrayList<>(List.of(TestTaskHook.class.getName())));
        conf.setNumStmgrs(2);
        conf.setComponentRam("word", ByteAmount.fromMegabytes(512));
        conf.setComponentRam("count", ByteAmount.fromMegabytes(512));
        conf.setContainerDiskRequested(ByteAmount.fromGigabytes(2));
        conf.setContainerRamRequested(ByteAmount.fromGigabytes(3));
        conf.setContainerCpuRequested(3);
        HeronSubmitter.submitTopology(name, conf, builder.createTopology());
    }

    /** A bolt with a hook of its own. */
    public static class HookedBolt extends ExclamationBolt {
        private static final long serialVersionUID = 1L;

        @Override
        public void prepare(Map<String, Object> conf, TopologyContext context, OutputCollector outputCollector) {
            super.prepare(conf, context, outputCollector);
            context.addTaskHook(new TestTaskHook("by the bolt"));
        }
    }

    /** Counts what it is told, and prints the first and then every hundredth event of a kind. */
    public static class TestTaskHook extends BaseTaskHook {
        private static final int REPORT = 100;

        private final String added;
        private final Map<String, Integer> events = new HashMap<>();

        /** Used for the hooks that the topology's settings name. */
        public TestTaskHook() {
            this("by the settings");
        }

        public TestTaskHook(String added) {
            this.added = added;
        }

        @Override
        public void prepare(Map<String, Object> conf, TopologyContext context) {
            event("prepare", "task " + context.getThisTaskId() + " of " + context.getThisComponentId());
        }

        @Override
        public void cleanup() {
            event("cleanup", "");
        }

        @Override
        public void emit(EmitInfo info) {
            event("emit", info.getValues() + " on " + info.getStream());
        }

        @Override
        public void spoutAck(SpoutAckInfo info) {
            event("spoutAck", info.getMessageId() + " after " + info.getCompleteLatency());
        }

        @Override
        public void spoutFail(SpoutFailInfo info) {
            event("spoutFail", info.getMessageId() + " after " + info.getFailLatency());
        }

        @Override
        public void boltExecute(BoltExecuteInfo info) {
            event("boltExecute", info.getTuple().getValues() + " in " + info.getExecuteLatency());
        }

        @Override
        public void boltAck(BoltAckInfo info) {
            event("boltAck", info.getTuple().getValues() + " after " + info.getProcessLatency());
        }

        @Override
        public void boltFail(BoltFailInfo info) {
            event("boltFail", info.getTuple().getValues() + " after " + info.getFailLatency());
        }

        private void event(String kind, String detail) {
            GlobalMetrics.incr("hook_" + kind);
            int count = events.merge(kind, 1, Integer::sum);
            if (count == 1 || count % REPORT == 0) {
                System.out.println("hook added " + added + ": " + kind + " " + count + ": " + detail);
            }
        }
    }
}
