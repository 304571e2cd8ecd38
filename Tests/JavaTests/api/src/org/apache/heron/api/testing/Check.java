package org.apache.heron.api.testing;

import java.util.Objects;

/** Assertions, and the list of tests that have failed. */
public final class Check {
    private static int passed;
    private static int failed;

    private Check() {
    }

    /** What a test does; it fails by throwing. */
    public interface Body {
        void run() throws Exception;
    }

    /** Runs a test and prints how it went. */
    public static void test(String name, Body body) {
        try {
            body.run();
            passed++;
        } catch (Throwable failure) {
            failed++;
            System.out.println("FAILED " + name + ": " + failure);
            for (StackTraceElement frame : failure.getStackTrace()) {
                if (frame.getClassName().contains(".heron.") && !frame.getClassName().contains("Check")) {
                    System.out.println("    at " + frame);
                }
            }
        }
    }

    /** Prints the counts; whether all tests have passed. */
    public static boolean summary() {
        System.out.println(passed + " tests passed, " + failed + " failed");
        return failed == 0;
    }

    public static void equal(Object actual, Object expected) {
        if (!Objects.deepEquals(actual, expected)) {
            throw new AssertionError("expected <" + expected + ">, got <" + actual + ">");
        }
    }

    public static void holds(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    /** The body throws that exception, whose message is one line with all of the parts. */
    public static void fails(Class<? extends Throwable> type, Body body, String... parts) {
        try {
            body.run();
        } catch (Throwable failure) {
            String message = String.valueOf(failure.getMessage());
            boolean fits = type == failure.getClass() && !message.contains("\n");
            for (String part : parts) {
                fits &= message.contains(part);
            }
            if (!fits) {
                throw new AssertionError("expected " + type.getName() + " with " + String.join(", ", parts)
                    + "; got " + failure, failure);
            }
            return;
        }
        throw new AssertionError("expected " + type.getName() + ", but nothing was thrown");
    }
}
