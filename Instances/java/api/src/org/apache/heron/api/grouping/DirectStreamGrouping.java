package org.apache.heron.api.grouping;

import org.apache.heron.api.generated.TopologyAPI;

/** The emitting task names the task that gets the tuple. */
public class DirectStreamGrouping implements StreamGrouping {
    private static final long serialVersionUID = -4347672901392646113L;

    @Override
    public TopologyAPI.InputStream.Builder buildStream(String componentName, String streamId) {
        return Inputs.of(componentName, streamId, TopologyAPI.Grouping.DIRECT);
    }
}
