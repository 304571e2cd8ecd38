package org.apache.heron.api.grouping;

import org.apache.heron.api.generated.TopologyAPI;

/** Every task gets every tuple. */
public class AllStreamGrouping implements StreamGrouping {
    private static final long serialVersionUID = 8703752474531458793L;

    @Override
    public TopologyAPI.InputStream.Builder buildStream(String componentName, String streamId) {
        return Inputs.of(componentName, streamId, TopologyAPI.Grouping.ALL);
    }
}
