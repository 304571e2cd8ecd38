package org.apache.heron.api.exception;

/** A {@link FailedException} that is also reported as an error of the component. */
public class ReportedFailedException extends FailedException {
    private static final long serialVersionUID = 4669648860978454563L;

    public ReportedFailedException() {
    }

    public ReportedFailedException(String message) {
        super(message);
    }

    public ReportedFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    public ReportedFailedException(Throwable cause) {
        super(cause);
    }
}
