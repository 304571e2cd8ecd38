package org.apache.heron.api.grouping;

import com.google.protobuf.ByteString;

import java.util.List;

import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.utils.Utils;

/** A grouping of the author's own. Runs in the tasks that emit the stream, as a copy of this object. */
public interface CustomStreamGrouping extends StreamGrouping {
    /**
     * Called once in each emitting task.
     *
     * @param component the emitting component
     * @param targetTasks the tasks to choose from, ascending
     */
    void prepare(TopologyContext context, String component, String streamId, List<Integer> targetTasks);

    /** The tasks that get the tuple with these values. */
    List<Integer> chooseTasks(List<Object> values);

    @Override
    default TopologyAPI.InputStream.Builder buildStream(String componentName, String streamId) {
        return Inputs.of(componentName, streamId, TopologyAPI.Grouping.CUSTOM)
            .setType(TopologyAPI.CustomGroupingObjectType.JAVA_OBJECT)
            .setCustomGroupingObject(ByteString.copyFrom(Utils.serialize(this)));
    }
}
