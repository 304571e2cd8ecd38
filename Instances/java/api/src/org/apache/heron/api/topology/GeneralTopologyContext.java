package org.apache.heron.api.topology;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.tuple.Fields;

/** The running topology, as all of its instances see it. */
public interface GeneralTopologyContext {
    String getTopologyId();

    /** The definition as it is stored.
     * @deprecated depends on Heron's storage format */
    @Deprecated
    TopologyAPI.Topology getRawTopology();

    /** The component that the task belongs to. */
    String getComponentId(int taskId);

    /** The streams that the component declares. */
    Set<String> getComponentStreams(String componentId);

    /** The component's tasks, ascending. */
    List<Integer> getComponentTasks(String componentId);

    /** The fields of a component's stream. */
    Fields getComponentOutputFields(String componentId, String streamId);

    /** The streams that the component reads, and how. */
    Map<TopologyAPI.StreamId, TopologyAPI.Grouping> getSources(String componentId);

    /** The readers of a component's streams: stream, reader, grouping. */
    Map<String, Map<String, TopologyAPI.Grouping>> getTargets(String componentId);

    Map<Integer, String> getTaskToComponent();

    Set<String> getComponentIds();

    /** The longest message timeout of any component, in seconds. */
    int maxTopologyMessageTimeout();
}
