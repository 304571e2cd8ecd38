package org.apache.heron.api.grouping;

import org.apache.heron.api.generated.TopologyAPI;

/** What all groupings' inputs have in common. */
final class Inputs {
    private Inputs() {
    }

    static TopologyAPI.InputStream.Builder of(String component, String stream, TopologyAPI.Grouping grouping) {
        return TopologyAPI.InputStream.newBuilder()
            .setStream(TopologyAPI.StreamId.newBuilder().setId(stream).setComponentName(component))
            .setGtype(grouping);
    }
}
