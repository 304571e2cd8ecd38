package org.apache.heron.api.grouping;

import org.apache.heron.api.generated.TopologyAPI;

/** Tuples are spread over the tasks evenly. */
public class ShuffleStreamGrouping implements StreamGrouping {
    private static final long serialVersionUID = -9108327078620189760L;

    @Override
    public TopologyAPI.InputStream.Builder buildStream(String componentName, String streamId) {
        return Inputs.of(componentName, streamId, TopologyAPI.Grouping.SHUFFLE);
    }
}
