package com.google.protobuf;

/** The topology's class of a name that the instance uses, too. */
public final class ByteString {
    private ByteString() {}

    public static String origin() {
        return "the topology's ByteString";
    }
}
