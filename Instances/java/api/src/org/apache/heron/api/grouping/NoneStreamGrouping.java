package org.apache.heron.api.grouping;

import org.apache.heron.api.generated.TopologyAPI;

/** Any task; Heron treats it as {@link ShuffleStreamGrouping}. */
public class NoneStreamGrouping implements StreamGrouping {
    private static final long serialVersionUID = 3045626277022344968L;

    @Override
    public TopologyAPI.InputStream.Builder buildStream(String componentName, String streamId) {
        return Inputs.of(componentName, streamId, TopologyAPI.Grouping.NONE);
    }
}
