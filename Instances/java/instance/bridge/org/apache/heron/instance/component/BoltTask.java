package org.apache.heron.instance.component;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.heron.api.bolt.IBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.plan.ComponentPlan;
import org.apache.heron.instance.task.TaskContext;
import org.apache.heron.instance.tuple.IncomingSet;
import org.apache.heron.instance.tuple.IncomingTuple;

/**
 * Calls execute() for each tuple, and for a tick tuple at the interval that the configuration asks for.
 *
 * A bolt also works on while the topology is deactivated, so that tuples on their way arrive.
 */
final class BoltTask extends ComponentTask {
    private final IBolt bolt;
    private final Counts executed = newCounts("__execute-count");
    private final long executeBatchNanos;
    private IncomingSet current;
    private Fields fields;
    private int position;
    private boolean isTickDue;

    BoltTask(IBolt bolt, TaskContext task) {
        super(bolt, task);
        this.bolt = bolt;
        executeBatchNanos = TimeUnit.MILLISECONDS.toNanos(task.settings().executeBatchMillis);
    }

    @Override
    void open() {
        BoltCollector collector = new BoltCollector(emitter, settings.isAcking(), task, context.hooks(),
                newCounts("__ack-count"), newCounts("__fail-count"));
        bolt.prepare(config, context, new OutputCollector(collector));
        // Asked for now: windows set it in the configuration that they are given.
        long tickNanos = settings.tickNanos();
        if (tickNanos > 0) {
            task.timers().every(tickNanos, () -> isTickDue = true);
        }
    }

    @Override
    void close() {
        bolt.cleanup();
    }

    @Override
    public boolean wantsInput() {
        return current == null;
    }

    @Override
    public void accept(IncomingSet set) {
        // News about roots are for spouts.
        if (set.size() > 0) {
            current = set;
            fields = fields(set);
            position = 0;
        }
    }

    @Override
    public void settle() {
        // Its tuples are the business of the spouts that they descend from.
    }

    @Override
    public long step() {
        if (isTickDue) {
            isTickDue = false;
            bolt.execute(new ReceivedTuple());
        }
        if (current != null) {
            executeSet();
        }
        return current == null ? UNTIL_EVENT : 0;
    }

    /** Executes the rest of the set, or as much as fits into the time for one step. */
    private void executeSet() {
        int first = position;
        long now = System.nanoTime();
        long deadline = now + executeBatchNanos;
        while (position < current.size() && now - deadline < 0 && !task.isStopping()) {
            ReceivedTuple tuple = receive(current.tuple(position++), now);
            bolt.execute(tuple);
            long begin = now;
            now = System.nanoTime();
            context.hooks().executed(tuple, now - begin);
        }
        executed.add(current.component() + "/" + current.stream(), position - first);
        if (position == current.size()) {
            current = null;
        }
    }

    private ReceivedTuple receive(IncomingTuple incoming, long now) {
        if (incoming.size() != fields.size()) {
            throw new InstanceError("a tuple of stream '" + current.stream() + "' of '" + current.component() + "' has "
                    + incoming.size() + " values for " + fields.size() + " fields");
        }
        Object[] values = new Object[incoming.size()];
        for (int index = 0; index < values.length; index++) {
            values[index] = deserialize(incoming.value(index), index);
        }
        return new ReceivedTuple(current, fields, values, incoming, now);
    }

    private Object deserialize(byte[] bytes, int index) {
        try {
            return serializer.deserialize(bytes);
        } catch (Exception | LinkageError error) {
            String missing = error instanceof ClassNotFoundException || error instanceof NoClassDefFoundError
                    ? " (is the class in the topology's jar?)"
                    : "";
            throw new InstanceError("field '" + fields.get(index) + "' of stream '" + current.stream() + "' of '"
                    + current.component() + "' cannot be deserialized: " + error + missing, error);
        }
    }

    private Fields fields(IncomingSet set) {
        ComponentPlan source = task.assignment().components.get(set.component());
        List<String> names = source == null ? null : source.outputs.get(set.stream());
        if (names == null) {
            throw new InstanceError("a tuple came of stream '" + set.stream() + "' of '" + set.component()
                    + "', which the topology does not have");
        }
        return new Fields(names);
    }
}
