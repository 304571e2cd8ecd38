package org.apache.heron.instance.component;

import java.util.List;
import org.apache.heron.api.spout.ISpoutOutputCollector;
import org.apache.heron.instance.metrics.ErrorReports;
import org.apache.heron.instance.tuple.Roots;

/** What a spout emits with. */
final class SpoutCollector implements ISpoutOutputCollector {
    private final Emitter emitter;
    private final PendingMessages pending;
    private final ErrorReports errors;

    SpoutCollector(Emitter emitter, PendingMessages pending, ErrorReports errors) {
        this.emitter = emitter;
        this.pending = pending;
        this.errors = errors;
    }

    @Override
    public List<Integer> emit(String stream, List<Object> values, Object messageId) {
        return emit(Emitter.ANY_TASK, stream, values, messageId);
    }

    @Override
    public void emitDirect(int task, String stream, List<Object> values, Object messageId) {
        emit(task, stream, values, messageId);
    }

    @Override
    public void reportError(Throwable error) {
        errors.add(error);
    }

    private List<Integer> emit(int task, String stream, List<Object> values, Object messageId) {
        if (messageId == null) {
            return emitter.emit(stream, values, Roots.NONE, task);
        }
        // First, for its ack may come before emit() returns.
        PendingMessages.Message message = pending.add(messageId, stream);
        try {
            return emitter.emit(stream, values, pending.roots(message), task);
        } catch (RuntimeException | Error error) {
            pending.undo(message);
            throw error;
        }
    }
}
