package org.apache.heron.api.grouping;

import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.tuple.Fields;

/** Tuples with equal values of some fields go to the same task. */
public class FieldsStreamGrouping implements StreamGrouping {
    private static final long serialVersionUID = 4874690265714072102L;

    private final Fields fields;

    public FieldsStreamGrouping(Fields fields) {
        this.fields = fields;
    }

    @Override
    public TopologyAPI.InputStream.Builder buildStream(String componentName, String streamId) {
        TopologyAPI.StreamSchema.Builder keys = TopologyAPI.StreamSchema.newBuilder();
        for (String field : fields) {
            keys.addKeys(TopologyAPI.StreamSchema.KeyType.newBuilder()
                .setKey(field).setType(TopologyAPI.Type.OBJECT));
        }
        return Inputs.of(componentName, streamId, TopologyAPI.Grouping.FIELDS).setGroupingFields(keys);
    }
}
