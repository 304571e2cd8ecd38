package org.apache.heron.api.spout;

import java.io.Serializable;
import java.util.Map;

import org.apache.heron.api.topology.TopologyContext;

/**
 * A source of tuples. Every method is called on one thread; {@link #nextTuple} must return soon, and should pause
 * shortly when there is nothing to emit.
 */
public interface ISpout extends Serializable {
    /** Called once, before anything else. */
    void open(Map<String, Object> conf, TopologyContext context, SpoutOutputCollector collector);

    /** The task ends; not called when the process is killed. */
    void close();

    /** The topology runs (again): {@link #nextTuple} will be called. */
    void activate();

    /** The topology is paused: {@link #nextTuple} will not be called. */
    void deactivate();

    /** Emits the next tuple, if there is one. */
    void nextTuple();

    /** The tuple emitted with this message id has been processed completely. */
    void ack(Object msgId);

    /** The tuple emitted with this message id has failed or was too late. */
    void fail(Object msgId);
}
