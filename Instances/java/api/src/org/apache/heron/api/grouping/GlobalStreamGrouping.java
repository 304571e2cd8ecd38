package org.apache.heron.api.grouping;

import org.apache.heron.api.generated.TopologyAPI;

/** The task with the lowest id gets all tuples. */
public class GlobalStreamGrouping implements StreamGrouping {
    private static final long serialVersionUID = 2732457720473852268L;

    @Override
    public TopologyAPI.InputStream.Builder buildStream(String componentName, String streamId) {
        return Inputs.of(componentName, streamId, TopologyAPI.Grouping.LOWEST);
    }
}
