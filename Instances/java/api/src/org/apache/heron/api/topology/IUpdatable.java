package org.apache.heron.api.topology;

/** A component that wants to know of changes to the running topology. */
public interface IUpdatable {
    /** The topology's plan has changed; the context shows the new one. */
    void update(TopologyContext topologyContext);
}
