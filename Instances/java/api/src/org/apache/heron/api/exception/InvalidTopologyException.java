package org.apache.heron.api.exception;

/** The topology cannot run as it is; the message says what to change. */
public class InvalidTopologyException extends Exception {
    private static final long serialVersionUID = 569757985177991157L;

    public InvalidTopologyException() {
    }

    public InvalidTopologyException(String message) {
        super(message);
    }
}
