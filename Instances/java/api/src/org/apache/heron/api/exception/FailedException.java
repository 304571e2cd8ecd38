package org.apache.heron.api.exception;

/** Thrown by a basic bolt's {@code execute}: the tuple is failed, the bolt goes on. */
public class FailedException extends RuntimeException {
    private static final long serialVersionUID = 7459893047828010291L;

    public FailedException() {
    }

    public FailedException(String message) {
        super(message);
    }

    public FailedException(String message, Throwable cause) {
        super(message, cause);
    }

    public FailedException(Throwable cause) {
        super(cause);
    }
}
