package org.apache.heron.api.bolt;

import java.util.Collection;
import java.util.List;

import org.apache.heron.api.tuple.Tuple;

/** Takes what a bolt emits and what it has to say of its input. */
public interface IOutputCollector extends IErrorReporter {
    /** Emits to a stream; anchors may be null. Returns the tasks sent to, or null if they are not known here. */
    List<Integer> emit(String streamId, Collection<Tuple> anchors, List<Object> tuple);

    /** Emits to one task, which reads the stream by direct grouping. */
    void emitDirect(int taskId, String streamId, Collection<Tuple> anchors, List<Object> tuple);

    void ack(Tuple input);

    void fail(Tuple input);
}
