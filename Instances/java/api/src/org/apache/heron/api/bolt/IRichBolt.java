package org.apache.heron.api.bolt;

import org.apache.heron.api.topology.IComponent;

/** A bolt as topologies are built from. */
public interface IRichBolt extends IBolt, IComponent {
}
