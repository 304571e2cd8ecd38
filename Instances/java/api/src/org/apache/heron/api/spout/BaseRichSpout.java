package org.apache.heron.api.spout;

import org.apache.heron.api.topology.BaseComponent;

/** A spout whose optional methods do nothing. */
public abstract class BaseRichSpout extends BaseComponent implements IRichSpout {
    private static final long serialVersionUID = 743568889496601081L;

    @Override
    public void close() {
    }

    @Override
    public void activate() {
    }

    @Override
    public void deactivate() {
    }

    @Override
    public void ack(Object msgId) {
    }

    @Override
    public void fail(Object msgId) {
    }
}
