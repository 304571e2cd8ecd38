package org.apache.heron.api.bolt;

import org.apache.heron.api.topology.BaseComponent;

/** A bolt whose optional methods do nothing. */
public abstract class BaseRichBolt extends BaseComponent implements IRichBolt {
    private static final long serialVersionUID = -2269376231370074742L;

    @Override
    public void cleanup() {
    }
}
