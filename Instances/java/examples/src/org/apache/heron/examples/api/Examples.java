package org.apache.heron.examples.api;

import org.apache.heron.api.Config;
import org.apache.heron.common.basics.ByteAmount;

/** What the examples' main methods share. */
final class Examples {
    private static final int INSTANCE_GB = 1;
    private static final int PADDING_GB = 2;

    private Examples() {
    }

    /** The topology's name, which is the first argument; ends the program if there is none, or too many arguments. */
    static String name(String[] args, Class<?> example, int most, String usage) {
        if (args.length < 1 || args.length > most) {
            fail("usage: heron submit <cluster> heron-examples.jar " + example.getName() + " <topology name>" + usage);
        }
        return args[0];
    }

    /** The same, for an example whose only argument is the name. */
    static String name(String[] args, Class<?> example) {
        return name(args, example, 1, "");
    }

    /** Ends the program with one line of text. */
    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }

    /** One GiB of memory for each instance of the components. */
    static void requestInstances(Config conf, String... components) {
        for (String component : components) {
            conf.setComponentRam(component, ByteAmount.fromGigabytes(INSTANCE_GB));
        }
    }

    /** Containers that have room for so many instances in so many containers, and for Heron itself. */
    static void requestContainers(Config conf, int instances, int containers) {
        int perContainer = Math.max(instances / containers, 1);
        conf.setNumStmgrs(containers);
        conf.setContainerDiskRequested(ByteAmount.fromGigabytes(perContainer));
        conf.setContainerRamRequested(ByteAmount.fromGigabytes(perContainer * INSTANCE_GB + PADDING_GB));
        conf.setContainerCpuRequested(perContainer + 1.0);
    }
}
