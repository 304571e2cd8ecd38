package org.apache.heron.instance.component;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.heron.api.bolt.IOutputCollector;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.instance.task.TaskContext;
import org.apache.heron.instance.tuple.Roots;

/** What a bolt emits, acks and fails with. */
final class BoltCollector implements IOutputCollector {
    private final Emitter emitter;
    private final boolean isAcking;
    private final TaskContext task;
    private final Hooks hooks;
    private final Counts acked;
    private final Counts failed;

    BoltCollector(Emitter emitter, boolean isAcking, TaskContext task, Hooks hooks, Counts acked, Counts failed) {
        this.emitter = emitter;
        this.isAcking = isAcking;
        this.task = task;
        this.hooks = hooks;
        this.acked = acked;
        this.failed = failed;
    }

    @Override
    public List<Integer> emit(String stream, Collection<Tuple> anchors, List<Object> values) {
        return emitter.emit(stream, values, roots(anchors), Emitter.ANY_TASK);
    }

    @Override
    public void emitDirect(int directTask, String stream, Collection<Tuple> anchors, List<Object> values) {
        emitter.emit(stream, values, roots(anchors), directTask);
    }

    @Override
    public void ack(Tuple tuple) {
        if (isTick(tuple)) {
            return;
        }
        acked.add(tuple.getSourceComponent() + "/" + tuple.getSourceStreamId(), 1);
        ReceivedTuple received = tracked(tuple);
        if (received != null) {
            task.outgoing().ack(received.roots(), received.key());
            task.emitted();
        }
        hooks.boltAcked(tuple, nanosSince(tuple));
    }

    @Override
    public void fail(Tuple tuple) {
        if (isTick(tuple)) {
            return;
        }
        failed.add(tuple.getSourceComponent() + "/" + tuple.getSourceStreamId(), 1);
        ReceivedTuple received = tracked(tuple);
        if (received != null) {
            task.outgoing().fail(received.roots(), received.key());
            task.emitted();
        }
        hooks.boltFailed(tuple, nanosSince(tuple));
    }

    @Override
    public void reportError(Throwable error) {
        task.errors().add(error);
    }

    private Roots roots(Collection<Tuple> anchors) {
        if (!isAcking || anchors == null || anchors.isEmpty()) {
            return Roots.NONE;
        }
        List<Roots> all = new ArrayList<>();
        for (Tuple anchor : anchors) {
            ReceivedTuple received = tracked(anchor);
            if (received != null) {
                all.add(received.roots());
            }
        }
        return all.size() == 1 ? all.get(0) : Roots.union(all);
    }

    /** The tuple, if a spout wants to hear about it; null for others, and for tuples that the topology made itself. */
    private ReceivedTuple tracked(Tuple tuple) {
        boolean isTracked =
                isAcking && tuple instanceof ReceivedTuple && !((ReceivedTuple) tuple).roots().isEmpty();
        return isTracked ? (ReceivedTuple) tuple : null;
    }

    private static boolean isTick(Tuple tuple) {
        return tuple instanceof ReceivedTuple && ((ReceivedTuple) tuple).isTick();
    }

    private static long nanosSince(Tuple tuple) {
        return tuple instanceof ReceivedTuple ? System.nanoTime() - ((ReceivedTuple) tuple).receivedAt() : 0;
    }
}
