package org.apache.heron.instance;

/** Why the instance cannot go on, in one line for an operator. The executor will start the process anew. */
public final class InstanceError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InstanceError(String message) {
        super(message);
    }

    /** An error whose cause is worth its stack trace in the log. */
    public InstanceError(String message, Throwable cause) {
        super(message, cause);
    }
}
