package org.apache.heron.api.bolt;

import java.util.Map;

import org.apache.heron.api.topology.BaseComponent;
import org.apache.heron.api.topology.TopologyContext;

/** A basic bolt whose optional methods do nothing. */
public abstract class BaseBasicBolt extends BaseComponent implements IBasicBolt {
    private static final long serialVersionUID = 6585146860997305058L;

    @Override
    public void prepare(Map<String, Object> heronConf, TopologyContext context) {
    }

    @Override
    public void cleanup() {
    }
}
