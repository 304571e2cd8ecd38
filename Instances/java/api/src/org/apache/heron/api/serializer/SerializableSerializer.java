package org.apache.heron.api.serializer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

import org.apache.heron.api.utils.Utils;

/** Java's serialization within Kryo: the number of bytes (4, big-endian), then the bytes. */
public class SerializableSerializer extends Serializer<Object> {
    @Override
    public void write(Kryo kryo, Output output, Object object) {
        byte[] bytes = Utils.serialize(object);
        output.writeInt(bytes.length);
        output.writeBytes(bytes);
    }

    @Override
    @SuppressWarnings("rawtypes") // the signature of Kryo 2
    public Object read(Kryo kryo, Input input, Class type) {
        return Utils.deserialize(input.readBytes(input.readInt()));
    }
}
