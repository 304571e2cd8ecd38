package org.apache.heron.api.bolt;

/** Takes errors that the component survives; they are shown with the topology's metrics. */
public interface IErrorReporter {
    void reportError(Throwable error);
}
