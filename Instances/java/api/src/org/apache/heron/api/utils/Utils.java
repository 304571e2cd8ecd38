package org.apache.heron.api.utils;

import com.google.protobuf.ByteString;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.apache.heron.api.Config;
import org.apache.heron.api.generated.TopologyAPI;

/** What authors and the other classes of this API need here and there. */
public final class Utils {
    /** The stream that is meant where none is named. */
    public static final String DEFAULT_STREAM_ID = "default";

    private Utils() {
    }

    /** A new object of the class, by its constructor without parameters. */
    public static Object newInstance(String klass) {
        try {
            return Class.forName(klass).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException failure) {
            throw new RuntimeException("cannot make a " + klass + ": " + failure, failure);
        }
    }

    /** A list of the values, the caller's to change. */
    public static List<Object> tuple(Object... values) {
        return new ArrayList<>(Arrays.asList(values));
    }

    /** Sleeps. If the thread is interrupted, it stays so, and a {@link RuntimeException} is thrown. */
    public static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RuntimeException(interrupted);
        }
    }

    /** The options that {@code heron submit} has set for this program; none if it was started otherwise. */
    public static Map<String, String> readCommandLineOpts() {
        return HeronOptions.parse(System.getenv(HeronOptions.VARIABLE));
    }

    /**
     * The object in Java's serialization.
     *
     * @throws IllegalArgumentException if something in it is not serializable; the message says by which field
     */
    public static byte[] serialize(Object obj) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(obj);
        } catch (NotSerializableException failure) {
            throw new IllegalArgumentException(SerializationFault.describe(obj, failure), failure);
        } catch (IOException failure) {
            throw new RuntimeException("cannot serialize a " + obj.getClass().getName() + ": " + failure, failure);
        }
        return bytes.toByteArray();
    }

    /** The object that {@link #serialize} has written. */
    public static Object deserialize(byte[] serialized) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(serialized))) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException failure) {
            throw new RuntimeException("cannot deserialize an object: " + failure, failure);
        }
    }

    /** The buffer's remaining bytes, which are consumed. */
    public static byte[] toByteArray(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** The key's value, or the given one if that is null or missing. */
    public static <S, T> T get(Map<S, T> m, S key, T defaultValue) {
        T value = m.get(key);
        return value == null ? defaultValue : value;
    }

    /**
     * The configuration as definitions have it: Heron's own settings as text, the author's in Java's serialization.
     * Null keys and values count as not set.
     */
    public static TopologyAPI.Config.Builder getConfigBuilder(Config config) {
        TopologyAPI.Config.Builder builder = TopologyAPI.Config.newBuilder();
        config.forEach((key, value) -> {
            if (key != null && value != null) {
                builder.addKvs(setting(key, value, config.getApiVars().contains(key)));
            }
        });
        return builder;
    }

    private static TopologyAPI.Config.KeyValue setting(String key, Object value, boolean asText) {
        TopologyAPI.Config.KeyValue.Builder setting = TopologyAPI.Config.KeyValue.newBuilder().setKey(key);
        if (asText) {
            return setting.setType(TopologyAPI.ConfigValueType.STRING_VALUE).setValue(value.toString()).build();
        }
        try {
            return setting.setType(TopologyAPI.ConfigValueType.JAVA_SERIALIZED_VALUE)
                .setSerializedValue(ByteString.copyFrom(serialize(value))).build();
        } catch (IllegalArgumentException failure) {
            throw new IllegalArgumentException("the value of the setting '" + key + "' cannot be serialized: "
                + failure.getMessage(), failure);
        }
    }

    public static double zeroIfNaNOrInf(double x) {
        return Double.isFinite(x) ? x : 0;
    }

    /** The task that a hash code falls to. */
    public static Integer assignKeyToTask(int key, List<Integer> taskIds) {
        return taskIds.get(Math.floorMod(key, taskIds.size()));
    }
}
