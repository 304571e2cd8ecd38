package org.apache.heron.instance.wire;

/** What the other side sent that is not Heron's wire protocol, as in "it sent …". */
public final class MalformedPacket extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedPacket(String message) {
        super(message);
    }
}
