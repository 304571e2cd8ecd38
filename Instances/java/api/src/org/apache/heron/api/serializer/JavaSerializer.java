package org.apache.heron.api.serializer;

import java.util.Map;

import org.apache.heron.api.utils.Utils;

/** Java's own serialization, the default. */
public class JavaSerializer implements IPluggableSerializer {
    @Override
    public void initialize(Map<String, Object> config) {
    }

    @Override
    public byte[] serialize(Object object) {
        return Utils.serialize(object);
    }

    @Override
    public Object deserialize(byte[] input) {
        return Utils.deserialize(input);
    }
}
