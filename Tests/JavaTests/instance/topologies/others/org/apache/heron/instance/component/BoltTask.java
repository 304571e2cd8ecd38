package org.apache.heron.instance.component;

/** The topology's class of a name that the instance uses, too. */
public final class BoltTask {
    private BoltTask() {}

    public static String origin() {
        return "the topology's BoltTask";
    }
}
