package org.apache.heron.api.topology;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.hooks.ITaskHook;
import org.apache.heron.api.metric.CombinedMetric;
import org.apache.heron.api.metric.ICombiner;
import org.apache.heron.api.metric.IMetricsRegister;
import org.apache.heron.api.metric.IReducer;
import org.apache.heron.api.metric.ReducedMetric;
import org.apache.heron.api.tuple.Fields;

/** The running topology as one task sees it. For the task's own thread only. */
public interface TopologyContext extends GeneralTopologyContext, IMetricsRegister {
    int getThisTaskId();

    String getThisComponentId();

    /** The fields of a stream that this component declares. */
    Fields getThisOutputFields(String streamId);

    Set<String> getThisStreams();

    /** This task's place among the component's tasks, from 0. */
    int getThisTaskIndex();

    Map<TopologyAPI.StreamId, TopologyAPI.Grouping> getThisSources();

    Map<String, Map<String, TopologyAPI.Grouping>> getThisTargets();

    /** Keeps a value for this task, for {@link #getTaskData}. */
    void setTaskData(String name, Object data);

    /** The value kept under the name, or null. */
    Object getTaskData(String name);

    /** Adds a hook that is told what this task does. */
    void addTaskHook(ITaskHook hook);

    Collection<ITaskHook> getHooks();

    /** Registers a {@link ReducedMetric} that is read every so many seconds. */
    <T, U, V> ReducedMetric<T, U, V> registerMetric(String name, IReducer<T, U, V> reducer, int timeBucketSizeInSecs);

    /** Registers a {@link CombinedMetric} that is read every so many seconds. */
    <T> CombinedMetric<T> registerMetric(String name, ICombiner<T> combiner, int timeBucketSizeInSecs);
}
