package probe;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Map;
import org.apache.heron.api.serializer.IPluggableSerializer;

/** Meets Kryo when its class is looked at, as older versions of Heron's own do. */
public final class OwnKryoSerializer implements IPluggableSerializer {
    private Kryo kryo;

    /** A method that makes reflection look for Kryo. */
    public OwnKryoSerializer with(Kryo other) {
        kryo = other;
        return this;
    }

    @Override
    public void initialize(Map<String, Object> config) {
        kryo = new Kryo();
    }

    @Override
    public byte[] serialize(Object object) {
        Output output = new Output(64, -1);
        kryo.writeClassAndObject(output, object);
        return output.toBytes();
    }

    @Override
    public Object deserialize(byte[] input) {
        return kryo.readClassAndObject(new Input(input));
    }
}
