package org.apache.heron.api.spout;

import org.apache.heron.api.topology.IComponent;

/** A spout as topologies are built from. */
public interface IRichSpout extends ISpout, IComponent {
}
