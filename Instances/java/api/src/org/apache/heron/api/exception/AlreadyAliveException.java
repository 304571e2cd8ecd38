package org.apache.heron.api.exception;

/** A topology of that name exists already. */
public class AlreadyAliveException extends Exception {
    private static final long serialVersionUID = -6584762522175817526L;

    public AlreadyAliveException() {
    }

    public AlreadyAliveException(String message) {
        super(message);
    }
}
