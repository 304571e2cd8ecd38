package org.apache.heron.api.spout;

import java.util.List;

/** Takes what a spout emits. */
public interface ISpoutOutputCollector {
    /** Emits to a stream; the message id may be null. Returns the tasks sent to, or null if they are not known here. */
    List<Integer> emit(String streamId, List<Object> tuple, Object messageId);

    /** Emits to one task, which reads the stream by direct grouping. */
    void emitDirect(int taskId, String streamId, List<Object> tuple, Object messageId);

    void reportError(Throwable error);
}
