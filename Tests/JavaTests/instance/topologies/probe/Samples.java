package probe;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Values of every kind that tuples can have. */
public final class Samples {
    private Samples() {}

    static List<Object> all() {
        List<Object> all = new ArrayList<>(Arrays.asList(
                null, "heron", "", "\u00e4\u20ac\ud83d\udc26", "\ud83d", "a\0b",
                "x".repeat(0xFFFF), "x".repeat(0x10000), "\u00e4".repeat(40_000),
                0, 1, -1, 127, 128, Integer.MAX_VALUE, Integer.MIN_VALUE,
                0L, -1L, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE,
                0.0, -0.0, 1.5, Double.POSITIVE_INFINITY, Double.MIN_VALUE,
                Double.NaN, Double.longBitsToDouble(0x7FF8000000000001L),
                0.0f, -2.5f, Float.MAX_VALUE, Float.NaN, Float.intBitsToFloat(0x7FC00001),
                true, false, (short) -3, (byte) 200, 'c', BigInteger.TEN.pow(50), TimeUnit.DAYS,
                new byte[0], new byte[] {0, -1, 127}, new byte[100_000], new int[] {1, 2}, new String[] {"a", null},
                new UserValue("name", 7), new ArrayList<>(Arrays.asList("a", 1, null, new UserValue("in a list", 1)))));
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put("key", 1L);
        map.put(2, new UserValue("in a map", 2));
        map.put("none", null);
        all.add(map);
        return all;
    }

    /** Whether values are the same to a topology. */
    static boolean areEqual(Object one, Object other) {
        return Objects.deepEquals(one, other);
    }

    /** Checks serialized values, each after its length, in the order of all(): prints what is wrong with them. */
    public static void main(String[] arguments) throws Exception {
        try (DataInputStream file = new DataInputStream(new FileInputStream(arguments[0]))) {
            int index = 0;
            for (Object sample : all()) {
                byte[] bytes = new byte[file.readInt()];
                file.readFully(bytes);
                if (!Arrays.equals(bytes, serialize(sample))) {
                    System.out.println("sample " + index + " has other bytes");
                }
                Object read = new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
                if (!areEqual(read, sample)) {
                    System.out.println("sample " + index + " is read as another value");
                }
                index++;
            }
            System.out.println(index + " samples checked");
        }
    }

    private static byte[] serialize(Object value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(value);
        }
        return bytes.toByteArray();
    }
}
