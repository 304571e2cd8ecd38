package org.apache.heron.api.grouping;

import java.io.Serializable;

import org.apache.heron.api.generated.TopologyAPI;

/** Which tasks of a bolt get the tuples of a stream that it reads. */
public interface StreamGrouping extends Serializable {
    /** The bolt's input as the topology's definition has it. */
    TopologyAPI.InputStream.Builder buildStream(String componentName, String streamId);
}
