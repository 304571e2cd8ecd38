package org.apache.heron.instance.component;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.apache.heron.api.spout.ISpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.instance.plan.Assignment;
import org.apache.heron.instance.task.TaskContext;
import org.apache.heron.instance.tuple.IncomingSet;

/**
 * Calls nextTuple() while the topology is active, and ack() and fail() for tuples emitted with an id.
 *
 * Without acking (at most once), a tuple counts as acked as soon as nextTuple() has returned.
 */
final class SpoutTask extends ComponentTask {
    private static final Logger LOG = Logger.getLogger(SpoutTask.class.getName());
    /** How long a spout that had nothing to emit is left alone. */
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ISpout spout;
    private final PendingMessages pending;
    private final Counts acked = newCounts("__ack-count");
    private final Counts failed = newCounts("__fail-count");
    private final Counts timedOut = newCounts("__timeout-count");
    private final Deque<IncomingSet> news = new ArrayDeque<>();
    private final long emitBatchNanos;
    private boolean isRunning;
    private boolean hasBeenDeactivated;

    SpoutTask(ISpout spout, TaskContext task) {
        super(spout, task);
        this.spout = spout;
        pending = new PendingMessages(settings.isAcking(), task.assignment().options.taskId);
        emitBatchNanos = TimeUnit.MILLISECONDS.toNanos(task.settings().emitBatchMillis);
    }

    @Override
    void open() {
        spout.open(config, context, new SpoutOutputCollector(new SpoutCollector(emitter, pending, task.errors())));
        if (settings.isAcking() && settings.enablesMessageTimeouts()) {
            long timeout = TimeUnit.SECONDS.toNanos(settings.messageTimeoutSeconds());
            task.timers().every(timeout / task.settings().ackBuckets, () -> expire(timeout));
        }
        setRunning(task.assignment().isRunning);
    }

    @Override
    void close() {
        spout.close();
    }

    @Override
    public void update(Assignment assignment) {
        super.update(assignment);
        setRunning(assignment.isRunning);
    }

    @Override
    public boolean wantsInput() {
        return true;
    }

    @Override
    public void accept(IncomingSet set) {
        news.add(set);
    }

    @Override
    public void settle() {
        for (IncomingSet set = news.poll(); set != null; set = news.poll()) {
            set.acked().forEach(key -> settle(pending.remove(key), true));
            set.failed().forEach(key -> settle(pending.remove(key), false));
        }
    }

    @Override
    public long step() {
        return isRunning ? produce() : UNTIL_EVENT;
    }

    private void setRunning(boolean running) {
        if (running == isRunning) {
            return;
        }
        isRunning = running;
        if (!running) {
            LOG.info("deactivated");
            hasBeenDeactivated = true;
            spout.deactivate();
        } else if (hasBeenDeactivated) {
            LOG.info("activated");
            spout.activate();
        }
    }

    private long produce() {
        long deadline = System.nanoTime() + emitBatchNanos;
        long full = task.outgoing().bytesAdded() + task.settings().emitBatchBytes;
        while (!task.isStopping()) {
            if (pending.count() >= settings.maxSpoutPending()) {
                return UNTIL_EVENT;
            }
            long before = task.outgoing().tuplesAdded();
            spout.nextTuple();
            pending.takeSettled().forEach(message -> settle(message, true));
            if (task.outgoing().tuplesAdded() == before) {
                return IDLE_NANOS;
            }
            if (task.outgoing().bytesAdded() >= full || System.nanoTime() - deadline >= 0) {
                break;
            }
        }
        return 0;
    }

    private void expire(long timeoutNanos) {
        for (PendingMessages.Message message : pending.takeOlderThan(timeoutNanos)) {
            timedOut.add(message.stream, 1);
            settle(message, false);
        }
    }

    /** `message` is null if it has timed out before. */
    private void settle(PendingMessages.Message message, boolean isAcked) {
        if (message == null) {
            return;
        }
        long nanos = System.nanoTime() - message.emittedAt;
        if (isAcked) {
            acked.add(message.stream, 1);
            spout.ack(message.id);
            context.hooks().spoutAcked(message.id, nanos);
        } else {
            failed.add(message.stream, 1);
            spout.fail(message.id);
            context.hooks().spoutFailed(message.id, nanos);
        }
    }
}
