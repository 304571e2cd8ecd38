package org.apache.heron.examples.api;

import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.common.basics.ByteAmount;
import org.apache.heron.examples.api.bolt.ExclamationBolt;
import org.apache.heron.examples.api.spout.TestWordSpout;

/** JVM options of all instances and of single components, and a component's own setting. */
public final class ComponentJVMOptionsTopology {
    private ComponentJVMOptionsTopology() {
    }

    public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
        String name = Examples.name(args, ComponentJVMOptionsTopology.class);
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("word", new TestWordSpout(), 2);
        builder.setBolt("exclaim1", new ExclamationBolt(), 2)
            .shuffleGrouping("word")
            .addConfiguration("test-config", "test-key");

        Config conf = new Config();
        conf.setDebug(true);
        conf.setMaxSpoutPending(10);
        conf.setNumStmgrs(2);
        conf.put(Config.TOPOLOGY_WORKER_CHILDOPTS, "-XX:+HeapDumpOnOutOfMemoryError");
        for (String component : new String[] {"word", "exclaim1"}) {
            // These options come after those of all instances, and so win over them.
            conf.setComponentJvmOptions(component, "-XX:NewSize=300m");
            conf.setComponentCpu(component, 0.5);
            conf.setComponentRam(component, ByteAmount.fromMegabytes(512));
            conf.setComponentDisk(component, ByteAmount.fromMegabytes(512));
        }
        conf.setContainerDiskRequested(ByteAmount.fromGigabytes(2));
        conf.setContainerRamRequested(ByteAmount.fromGigabytes(3));
        conf.setContainerCpuRequested(2);
        conf.setContainerRamPadding(ByteAmount.fromGigabytes(2));
        HeronSubmitter.submitTopology(name, conf, builder.createTopology());
    }
}
