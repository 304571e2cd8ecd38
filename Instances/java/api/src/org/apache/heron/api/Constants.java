package org.apache.heron.api;

/** Names that Heron reserves for itself. */
public final class Constants {
    /** The component that tick tuples come from. */
    public static final String SYSTEM_COMPONENT_ID = "__system";
    /** The stream of {@link #SYSTEM_COMPONENT_ID} that carries tick tuples. */
    public static final String SYSTEM_TICK_STREAM_ID = "__tick";

    private Constants() {
    }
}
