package org.apache.heron.instance.component;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.heron.api.hooks.ITaskHook;
import org.apache.heron.api.hooks.info.BoltAckInfo;
import org.apache.heron.api.hooks.info.BoltExecuteInfo;
import org.apache.heron.api.hooks.info.BoltFailInfo;
import org.apache.heron.api.hooks.info.EmitInfo;
import org.apache.heron.api.hooks.info.SpoutAckInfo;
import org.apache.heron.api.hooks.info.SpoutFailInfo;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;

/** The task hooks of the topology: called for everything that the task does. */
final class Hooks {
    private final int task;
    private final List<ITaskHook> hooks = new ArrayList<>();

    Hooks(int task) {
        this.task = task;
    }

    void add(ITaskHook hook) {
        hooks.add(hook);
    }

    Collection<ITaskHook> all() {
        return hooks;
    }

    void prepare(Map<String, Object> config, TopologyContext context) {
        // A hook may add others, which then are prepared too.
        for (int index = 0; index < hooks.size(); index++) {
            hooks.get(index).prepare(config, context);
        }
    }

    void cleanUp() {
        hooks.forEach(ITaskHook::cleanup);
    }

    void emitted(List<Object> values, String stream, List<Integer> tasks) {
        if (!hooks.isEmpty()) {
            EmitInfo info = new EmitInfo(values, stream, task, tasks);
            hooks.forEach(hook -> hook.emit(info));
        }
    }

    void spoutAcked(Object messageId, long nanos) {
        tell(SpoutAckInfo.class, messageId, nanos, ITaskHook::spoutAck);
    }

    void spoutFailed(Object messageId, long nanos) {
        tell(SpoutFailInfo.class, messageId, nanos, ITaskHook::spoutFail);
    }

    void executed(Tuple tuple, long nanos) {
        tell(BoltExecuteInfo.class, tuple, nanos, ITaskHook::boltExecute);
    }

    void boltAcked(Tuple tuple, long nanos) {
        tell(BoltAckInfo.class, tuple, nanos, ITaskHook::boltAck);
    }

    void boltFailed(Tuple tuple, long nanos) {
        tell(BoltFailInfo.class, tuple, nanos, ITaskHook::boltFail);
    }

    private <T> void tell(Class<T> type, Object subject, long nanos, BiConsumer<ITaskHook, T> how) {
        if (!hooks.isEmpty()) {
            T info = Api.hookInfo(type, subject, task, nanos);
            hooks.forEach(hook -> how.accept(hook, info));
        }
    }
}
