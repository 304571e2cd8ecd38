package org.apache.heron.instance.component;

import java.io.IOException;
import java.util.Map;
import org.apache.heron.api.serializer.IPluggableSerializer;
import org.apache.heron.api.serializer.JavaSerializer;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.topology.UserClasses;
import org.apache.heron.instance.tuple.JavaValues;

/** How the values of tuples become bytes: Java's serialization, or what the topology's configuration names. */
abstract class ValueSerializer {
    private static final String KRYO_PACKAGE = "com.esotericsoftware.";

    /** Throws what is wrong with the value. */
    abstract byte[] serialize(Object value) throws Exception;

    /** Throws what is wrong with the bytes. */
    abstract Object deserialize(byte[] bytes) throws Exception;

    /**
     * The serializer that the topology wants.
     *
     * @throws InstanceError if it cannot be used.
     */
    static ValueSerializer of(Map<String, Object> config, UserClasses classes) {
        String name = new Settings(config).serializer();
        return name == null || name.equals(JavaSerializer.class.getName())
                ? new Java(classes)
                : new Pluggable(pluggable(name, config, classes));
    }

    private static IPluggableSerializer pluggable(String name, Map<String, Object> config, UserClasses classes) {
        String key = "topology.serializer.classname";
        try {
            Object serializer = classes.newInstance(name, key);
            if (!(serializer instanceof IPluggableSerializer)) {
                throw new InstanceError(key + ": " + name + " is not an " + IPluggableSerializer.class.getName());
            }
            ((IPluggableSerializer) serializer).initialize(config);
            return (IPluggableSerializer) serializer;
        } catch (RuntimeException | LinkageError error) {
            if (isWithoutKryo(error)) {
                throw new InstanceError(key + ": " + name + " needs Kryo, which is not in the topology's jar:"
                        + " add com.esotericsoftware:kryo to it");
            }
            throw error;
        }
    }

    /** Whether an error is, or comes of, a missing class of Kryo's. */
    private static boolean isWithoutKryo(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            boolean isMissing = cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException;
            if (isMissing && String.valueOf(cause.getMessage()).replace('/', '.').contains(KRYO_PACKAGE)) {
                return true;
            }
        }
        return false;
    }

    private static final class Java extends ValueSerializer {
        private final JavaValues values;

        Java(UserClasses classes) {
            values = new JavaValues(classes);
        }

        @Override
        byte[] serialize(Object value) throws IOException {
            return JavaValues.serialize(value);
        }

        @Override
        Object deserialize(byte[] bytes) throws IOException, ClassNotFoundException {
            return values.deserialize(bytes);
        }
    }

    private static final class Pluggable extends ValueSerializer {
        private final IPluggableSerializer serializer;

        Pluggable(IPluggableSerializer serializer) {
            this.serializer = serializer;
        }

        // Kryo and many others have buffers of their own; values may come from any thread.
        @Override
        synchronized byte[] serialize(Object value) {
            return serializer.serialize(value);
        }

        @Override
        synchronized Object deserialize(byte[] bytes) {
            return serializer.deserialize(bytes);
        }
    }
}
