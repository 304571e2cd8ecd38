package org.apache.heron.api.serializer;

import static org.apache.heron.api.testing.Check.equal;
import static org.apache.heron.api.testing.Check.fails;
import static org.apache.heron.api.testing.Check.holds;
import static org.apache.heron.api.testing.Check.test;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import org.apache.heron.api.Config;
import org.apache.heron.api.tuple.Values;

/** Round trips through the serializers. */
public final class SerializerTests {
    private SerializerTests() {
    }

    /** A class that nobody registers. */
    public static final class Unregistered implements Serializable {
        private static final long serialVersionUID = 1L;
        final String text = "text";
    }

    /** A class without Java's serialization. */
    public static final class Point {
        int x;
        int y;
    }

    /** Writes a point's x only, which shows that it was used. */
    public static final class PointSerializer extends Serializer<Point> {
        private final Class<?> type;

        public PointSerializer(Kryo kryo, Class<?> type) {
            this.type = type;
        }

        @Override
        public void write(Kryo kryo, Output output, Point point) {
            holds(type == Point.class, "the constructor's class is the one to write");
            output.writeInt(point.x);
        }

        @Override
        public Point read(Kryo kryo, Input input, Class<Point> of) {
            Point point = new Point();
            point.x = input.readInt();
            return point;
        }
    }

    /** Registers points, written field by field. */
    public static final class PointDecorator implements IKryoDecorator {
        @Override
        public void decorate(Kryo kryo) {
            kryo.register(Point.class, new PointSerializer(kryo, Point.class));
        }
    }

    /** A factory that is not the default one. */
    public static final class Factory extends DefaultKryoFactory {
        static int calls;

        @Override
        @SuppressWarnings("rawtypes") // the API's signature
        public void postDecorate(Kryo kryo, Map config) {
            calls++;
        }
    }

    private static KryoSerializer kryo(Map<String, Object> config) {
        KryoSerializer serializer = new KryoSerializer();
        serializer.initialize(config);
        return serializer;
    }

    private static Object copy(IPluggableSerializer serializer, Object object) {
        return serializer.deserialize(serializer.serialize(object));
    }

    private static Point point() {
        Point point = new Point();
        point.x = 3;
        point.y = 4;
        return point;
    }

    private static void checkValues(IPluggableSerializer serializer) {
        List<Object> values = new ArrayList<>(List.of("text", 1, 2L, 0.5, true, BigInteger.TEN,
            new HashMap<>(Map.of("k", 1)), new HashSet<>(List.of(1)), new Values("v")));
        for (Object value : values) {
            equal(copy(serializer, value), value);
        }
        equal(copy(serializer, values), values);
        equal(copy(serializer, null), null);
        equal(copy(serializer, new byte[] {1, 2}), new byte[] {1, 2});
        equal(((Unregistered) copy(serializer, new Unregistered())).text, "text");
        byte[] large = new byte[1 << 20];
        equal(copy(serializer, large), large);
    }

    public static void run() {
        test("JavaSerializer: round trips", () -> checkValues(new JavaSerializer()));
        test("JavaSerializer: names what it cannot write", () -> fails(IllegalArgumentException.class,
            () -> new JavaSerializer().serialize(List.of(new Object())), "[0]", "java.lang.Object"));
        test("KryoSerializer: round trips", () -> checkValues(kryo(Map.of())));
        test("KryoSerializer: reads what another one has written", () -> {
            Config config = new Config();
            config.registerKryoSerialization(Point.class, PointSerializer.class);
            config.registerKryoSerialization(Unregistered.class);
            byte[] bytes = kryo(config).serialize(point());
            equal(((Point) kryo(config).deserialize(bytes)).x, 3);
        });
        test("KryoSerializer: writes registered classes by Kryo, with serializers and decorators", () -> {
            Config config = new Config();
            config.registerKryoSerialization(Point.class, PointSerializer.class);
            Point copied = (Point) copy(kryo(config), point());
            equal(List.of(copied.x, copied.y), List.of(3, 0));
            Config decorated = new Config();
            decorated.registerDecorator(PointDecorator.class);
            decorated.setKryoFactory(Factory.class);
            equal(((Point) copy(kryo(decorated), point())).x, 3);
            equal(Factory.calls, 1);
        });
        test("KryoSerializer: refuses unregistered classes if told so", () -> {
            KryoSerializer strict = kryo(Map.of(Config.TOPOLOGY_FALL_BACK_ON_JAVA_SERIALIZATION, false));
            try {
                strict.serialize(new Unregistered());
            } catch (IllegalArgumentException refusal) {
                holds(refusal.getMessage().contains("not registered"), "says why: " + refusal.getMessage());
                return;
            }
            throw new AssertionError("nothing was thrown");
        });
        test("KryoSerializer: missing classes", SerializerTests::missingClasses);
        test("KryoSerializer: says that Kryo is missing", SerializerTests::missingKryo);
    }

    private static void missingClasses() {
        Map<String, Object> missing = new HashMap<>(Map.of(Config.TOPOLOGY_KRYO_REGISTER, List.of("no.such.Type"),
            Config.TOPOLOGY_KRYO_DECORATORS, List.of("no.such.Decorator")));
        fails(IllegalArgumentException.class, () -> kryo(missing), "topology.kryo.register", "no.such.Type");
        missing.put(Config.TOPOLOGY_SKIP_MISSING_KRYO_REGISTRATIONS, true);
        kryo(missing);
        fails(IllegalArgumentException.class, () -> kryo(Map.of(Config.TOPOLOGY_KRYO_FACTORY, "no.such.Factory")),
            "topology.kryo.factory", "no.such.Factory");
        fails(IllegalArgumentException.class,
            () -> kryo(Map.of(Config.TOPOLOGY_KRYO_FACTORY, "java.lang.Object")), "not an IKryoFactory");
        fails(IllegalArgumentException.class, () -> kryo(Map.of(Config.TOPOLOGY_KRYO_REGISTER, "x")), "not a list");
    }

    private static void missingKryo() throws Exception {
        URL api = KryoSerializer.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {api}, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass(KryoSerializer.class.getName());
            Object serializer = type.getConstructor().newInstance();
            fails(IllegalStateException.class, () -> {
                try {
                    type.getMethod("initialize", Map.class).invoke(serializer, Map.of());
                } catch (InvocationTargetException failure) {
                    throw (Exception) failure.getCause();
                }
            }, "com.esotericsoftware.kryo", "package Kryo with the topology");
        }
    }
}
