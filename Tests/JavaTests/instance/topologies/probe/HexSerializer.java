package probe;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.heron.api.serializer.IPluggableSerializer;

/** Writes texts in hexadecimal, after the configured prefix. */
public final class HexSerializer implements IPluggableSerializer {
    private String prefix;

    @Override
    public void initialize(Map<String, Object> config) {
        prefix = config.get("hex.prefix").toString();
    }

    @Override
    public byte[] serialize(Object object) {
        byte[] text = object.toString().getBytes(StandardCharsets.UTF_8);
        return (prefix + new BigInteger(1, text).toString(16)).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Object deserialize(byte[] input) {
        String text = new String(input, StandardCharsets.US_ASCII);
        return new String(new BigInteger(text.substring(prefix.length()), 16).toByteArray(), StandardCharsets.UTF_8);
    }
}
