package org.apache.heron.api.exception;

/** The topology's definition could not be handed to {@code heron submit}. */
public class TopologySubmissionException extends RuntimeException {
    private static final long serialVersionUID = -5045350685867299824L;

    public TopologySubmissionException(String message) {
        super(message);
    }

    public TopologySubmissionException(String message, Throwable cause) {
        super(message, cause);
    }
}
