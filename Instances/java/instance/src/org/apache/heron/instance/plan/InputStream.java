package org.apache.heron.instance.plan;

import org.apache.heron.api.generated.TopologyAPI;

/** A stream that a bolt consumes, and how it is grouped. */
public final class InputStream {
    /** The component that emits the stream. */
    public final String component;
    public final String stream;
    /** The name of Heron's enumeration value, as `SHUFFLE`. */
    public final String grouping;
    /** The serialized object of a custom grouping that is written in Java; empty for others. */
    public final byte[] customGrouping;

    InputStream(TopologyAPI.InputStream message) {
        component = message.getStream().getComponentName();
        stream = message.getStream().getId();
        grouping = message.getGtype().name();
        boolean isJava = message.getType() == TopologyAPI.CustomGroupingObjectType.JAVA_OBJECT;
        customGrouping = isJava ? message.getCustomGroupingObject().toByteArray() : new byte[0];
    }

    /** Whether an object of the topology chooses the tasks. */
    public boolean isCustom() {
        return grouping.equals(TopologyAPI.Grouping.CUSTOM.name());
    }
}
