package org.apache.heron.api.bolt;

import java.util.List;

/** Takes what a basic bolt emits. */
public interface IBasicOutputCollector {
    List<Integer> emit(String streamId, List<Object> tuple);

    void emitDirect(int taskId, String streamId, List<Object> tuple);

    void reportError(Throwable t);
}
