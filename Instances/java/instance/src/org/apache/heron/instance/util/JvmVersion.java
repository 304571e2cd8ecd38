package org.apache.heron.instance.util;

/** Prints the version of the JVM, for the executor, which builds the options of an instance's JVM from it. */
public final class JvmVersion {
    private JvmVersion() {}

    /** Prints `java.version`, as `17.0.15`, without a line break. */
    public static void main(String[] arguments) {
        System.out.print(System.getProperty("java.version"));
    }
}
