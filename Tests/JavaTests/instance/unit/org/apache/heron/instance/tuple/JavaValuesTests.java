package org.apache.heron.instance.tuple;

import static org.apache.heron.instance.UnitTests.check;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.heron.instance.topology.UserClasses;

/** Random values, intact and damaged, compared with what Java's own streams do. */
public final class JavaValuesTests {
    private static final int ROUNDS = 2000;
    private static final String ALPHABET = "az09 ~\u007f\0\u0080\u00e4\u07ff\u0800\u20ac\ud83d\udc26";

    private JavaValuesTests() {}

    public static void run() throws Exception {
        Random random = new Random(5);
        JavaValues values = new JavaValues(new UserClasses(JavaValuesTests.class.getClassLoader()));
        for (int round = 0; round < ROUNDS; round++) {
            Object value = value(random);
            byte[] bytes = JavaValues.serialize(value);
            check(Arrays.equals(bytes, written(value)), "bytes of " + value);
            check(value.equals(values.deserialize(bytes)), "value " + value);
            // Not lists: a damaged size of theirs fills Java's memory.
            if (!(value instanceof List)) {
                compare(values, Arrays.copyOf(bytes, random.nextInt(bytes.length + 2)));
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                compare(values, bytes);
            }
        }
    }

    private static Object value(Random random) {
        switch (random.nextInt(7)) {
            case 0:
                return random.nextInt() >> random.nextInt(32);
            case 1:
                return random.nextLong() >> random.nextInt(64);
            case 2:
                return Double.longBitsToDouble(random.nextLong());
            case 3:
                return Float.intBitsToFloat(random.nextInt());
            case 4:
                return random.nextBoolean();
            case 5:
                return List.of(random.nextInt(), text(random));
            default:
                return text(random);
        }
    }

    /** Half of the texts are ASCII, as most are. */
    private static String text(Random random) {
        int letters = random.nextBoolean() ? 6 : ALPHABET.length();
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(20); length > 0; length--) {
            text.append(ALPHABET.charAt(random.nextInt(letters)));
        }
        return text.toString();
    }

    /** What Java's stream refuses must be refused, what it reads must be read as the same. */
    private static void compare(JavaValues values, byte[] bytes) {
        Object expected;
        try {
            expected = new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
        } catch (Exception | LinkageError refused) {
            expected = null;
        }
        Object read;
        try {
            read = values.deserialize(bytes);
        } catch (Exception | LinkageError refused) {
            read = null;
        }
        check(expected == null ? read == null : expected.equals(read), "damaged: " + Arrays.toString(bytes));
    }

    private static byte[] written(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(value);
        }
        return bytes.toByteArray();
    }
}
