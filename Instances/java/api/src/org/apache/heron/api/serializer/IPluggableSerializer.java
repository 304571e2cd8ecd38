package org.apache.heron.api.serializer;

import java.util.Map;

/**
 * How the values of tuples travel between tasks; named by {@code topology.serializer.classname}, with a public
 * constructor without parameters. Used by one thread.
 */
public interface IPluggableSerializer {
    /** Called once, with the topology's configuration. */
    void initialize(Map<String, Object> config);

    byte[] serialize(Object object);

    Object deserialize(byte[] input);
}
