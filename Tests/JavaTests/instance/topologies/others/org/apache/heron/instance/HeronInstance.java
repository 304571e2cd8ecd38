package org.apache.heron.instance;

/** The topology's class of a name that the instance uses, too. */
public final class HeronInstance {
    private HeronInstance() {}

    public static String origin() {
        return "the topology's HeronInstance";
    }
}
