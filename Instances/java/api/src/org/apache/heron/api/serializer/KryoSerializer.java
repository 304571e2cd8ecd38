package org.apache.heron.api.serializer;

import java.util.Map;

/** Serialization by the Kryo (2.20 to 4) that the topology brings along. */
public class KryoSerializer implements IPluggableSerializer {
    private KryoCodec codec;

    /** @throws IllegalStateException if Kryo is not on the class path */
    @Override
    public void initialize(Map<String, Object> config) {
        try {
            codec = new KryoCodec(config);
        } catch (NoClassDefFoundError missing) {
            throw new IllegalStateException("the topology asks for Kryo, but the class "
                + missing.getMessage().replace('/', '.') + " is missing: package Kryo with the topology", missing);
        }
    }

    @Override
    public byte[] serialize(Object object) {
        return codec.encode(object);
    }

    @Override
    public Object deserialize(byte[] input) {
        return codec.decode(input);
    }
}
