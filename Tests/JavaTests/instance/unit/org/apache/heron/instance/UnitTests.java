package org.apache.heron.instance;

import org.apache.heron.instance.task.StuckWatchTests;
import org.apache.heron.instance.tuple.JavaValuesTests;
import org.apache.heron.instance.util.TimersTests;
import org.apache.heron.instance.wire.PacketReaderTests;

/** Tests of classes of the instance, run in one JVM; the first failure ends it. */
public final class UnitTests {
    private UnitTests() {}

    public static void main(String[] arguments) throws Exception {
        PacketReaderTests.run();
        JavaValuesTests.run();
        TimersTests.run();
        StuckWatchTests.run();
        System.out.println("passed");
    }

    /** Fails unless that holds. */
    public static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
