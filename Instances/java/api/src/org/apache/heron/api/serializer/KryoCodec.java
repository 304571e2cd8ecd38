package org.apache.heron.api.serializer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.DefaultSerializers;

import java.lang.reflect.Constructor;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.heron.api.Config;
import org.apache.heron.api.tuple.Values;

/** A Kryo set up as the topology's configuration says. Kryo numbers classes in the order of their registration. */
final class KryoCodec {
    /** The longest array that every JVM can make. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private final Kryo kryo;
    private final Output output = new Output(2_000, MAX_BYTES);
    private final Input input = new Input();
    private final boolean skipMissing;

    KryoCodec(Map<String, Object> config) {
        Object skip = config.get(Config.TOPOLOGY_SKIP_MISSING_KRYO_REGISTRATIONS);
        skipMissing = skip != null && Boolean.parseBoolean(skip.toString());
        Object factoryName = config.get(Config.TOPOLOGY_KRYO_FACTORY);
        IKryoFactory factory = factoryName == null ? new DefaultKryoFactory()
            : instance(load(factoryName.toString(), Config.TOPOLOGY_KRYO_FACTORY), IKryoFactory.class);
        kryo = factory.getKryo(config);
        for (Class<?> type : new Class<?>[] {byte[].class, ArrayList.class, HashMap.class, HashSet.class}) {
            kryo.register(type);
        }
        kryo.register(BigInteger.class, new DefaultSerializers.BigIntegerSerializer());
        kryo.register(Values.class);
        factory.preRegister(kryo, config);
        registrations(config).forEach(this::register);
        factory.postRegister(kryo, config);
        for (Object decorator : list(config, Config.TOPOLOGY_KRYO_DECORATORS)) {
            decorate(decorator.toString());
        }
        factory.postDecorate(kryo, config);
    }

    byte[] encode(Object object) {
        output.setBuffer(output.getBuffer(), MAX_BYTES); // starts anew; clear() is not in every version
        kryo.writeClassAndObject(output, object);
        return output.toBytes();
    }

    Object decode(byte[] bytes) {
        input.setBuffer(bytes);
        return kryo.readClassAndObject(input);
    }

    /** Class names and their serializers' (null: Kryo's choice), sorted, so that every task numbers them alike. */
    private static Map<String, String> registrations(Map<String, Object> config) {
        Map<String, String> registrations = new TreeMap<>();
        for (Object entry : list(config, Config.TOPOLOGY_KRYO_REGISTER)) {
            if (entry instanceof Map) {
                ((Map<?, ?>) entry).forEach((type, serializer) ->
                    registrations.put(type.toString(), serializer == null ? null : serializer.toString()));
            } else {
                registrations.put(entry.toString(), null);
            }
        }
        return registrations;
    }

    private static List<?> list(Map<String, Object> config, String key) {
        Object value = config.get(key);
        if (value != null && !(value instanceof List)) {
            throw new IllegalArgumentException(key + " is a " + value.getClass().getName() + ", not a list");
        }
        return value == null ? List.of() : (List<?>) value;
    }

    private void register(String typeName, String serializerName) {
        Class<?> type = load(typeName, Config.TOPOLOGY_KRYO_REGISTER);
        Class<?> serializer = serializerName == null ? null : load(serializerName, Config.TOPOLOGY_KRYO_REGISTER);
        if (type != null && serializerName == null) {
            kryo.register(type);
        } else if (type != null && serializer != null) {
            kryo.register(type, serializer(serializer.asSubclass(Serializer.class), type));
        }
    }

    private void decorate(String name) {
        Class<?> type = load(name, Config.TOPOLOGY_KRYO_DECORATORS);
        if (type != null) {
            instance(type, IKryoDecorator.class).decorate(kryo);
        }
    }

    /** The class; null if it is missing and may be. */
    private Class<?> load(String name, String key) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException missing) {
            if (skipMissing && !key.equals(Config.TOPOLOGY_KRYO_FACTORY)) {
                return null;
            }
            throw new IllegalArgumentException(key + " names the class " + name + ", which is missing", missing);
        }
    }

    /** Kryo's serializers have constructors with the Kryo, the class to write, both or nothing. */
    @SuppressWarnings("rawtypes") // Kryo's signatures
    private Serializer serializer(Class<? extends Serializer> serializer, Class<?> type) {
        Object[][] choices = {{kryo, type}, {kryo}, {type}, {}};
        for (Object[] arguments : choices) {
            for (Constructor<?> constructor : serializer.getConstructors()) {
                if (accepts(constructor, arguments)) {
                    return serializer.cast(call(constructor, arguments));
                }
            }
        }
        throw new IllegalArgumentException("the Kryo serializer " + serializer.getName()
            + " has no public constructor with a Kryo, a class, both or nothing");
    }

    private static boolean accepts(Constructor<?> constructor, Object[] arguments) {
        Class<?>[] parameters = constructor.getParameterTypes();
        boolean accepted = parameters.length == arguments.length;
        for (int i = 0; accepted && i < parameters.length; i++) {
            accepted = parameters[i] == (arguments[i] instanceof Kryo ? Kryo.class : Class.class);
        }
        return accepted;
    }

    private static <T> T instance(Class<?> type, Class<T> as) {
        if (!as.isAssignableFrom(type)) {
            throw new IllegalArgumentException(type.getName() + " is not an " + as.getSimpleName());
        }
        try {
            return as.cast(call(type.getConstructor()));
        } catch (NoSuchMethodException none) {
            throw new IllegalArgumentException(type.getName() + " has no public constructor without parameters", none);
        }
    }

    private static Object call(Constructor<?> constructor, Object... arguments) {
        try {
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalArgumentException("cannot make a " + constructor.getDeclaringClass().getName() + ": "
                + (failure.getCause() == null ? failure : failure.getCause()), failure);
        }
    }
}
