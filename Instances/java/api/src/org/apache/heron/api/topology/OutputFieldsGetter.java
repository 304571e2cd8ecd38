package org.apache.heron.api.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.utils.Utils;

/** Collects the streams that a component declares. */
public class OutputFieldsGetter implements OutputFieldsDeclarer {
    private final Map<String, TopologyAPI.StreamSchema.Builder> schemas = new HashMap<>();

    @Override
    public void declare(Fields fields) {
        declareStream(Utils.DEFAULT_STREAM_ID, fields);
    }

    @Override
    public void declare(boolean direct, Fields fields) {
        declareStream(Utils.DEFAULT_STREAM_ID, fields);
    }

    @Override
    public void declareStream(String streamId, Fields fields) {
        if (streamId == null || streamId.isEmpty() || fields == null) {
            throw new IllegalArgumentException("a stream is declared without a name or without fields");
        }
        TopologyAPI.StreamSchema.Builder schema = TopologyAPI.StreamSchema.newBuilder();
        for (String field : fields) {
            schema.addKeys(TopologyAPI.StreamSchema.KeyType.newBuilder()
                .setKey(field).setType(TopologyAPI.Type.OBJECT));
        }
        if (schemas.putIfAbsent(streamId, schema) != null) {
            throw new IllegalArgumentException("the stream '" + streamId + "' is declared twice");
        }
    }

    @Override
    public void declareStream(String streamId, boolean direct, Fields fields) {
        declareStream(streamId, fields);
    }

    /** The streams declared so far, by name. */
    public Map<String, TopologyAPI.StreamSchema.Builder> getFieldsDeclaration() {
        return schemas;
    }

    /** The streams as those of the given component. */
    List<TopologyAPI.OutputStream> outputsOf(String component) {
        return schemas.entrySet().stream()
            .map(entry -> TopologyAPI.OutputStream.newBuilder()
                .setStream(TopologyAPI.StreamId.newBuilder().setId(entry.getKey()).setComponentName(component))
                .setSchema(entry.getValue()).build())
            .collect(Collectors.toList());
    }
}
