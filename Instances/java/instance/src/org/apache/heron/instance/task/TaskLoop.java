package org.apache.heron.instance.task;

import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.heron.instance.InstanceOptions;
import org.apache.heron.instance.config.InstanceSettings;
import org.apache.heron.instance.metrics.ErrorReports;
import org.apache.heron.instance.metrics.MetricsRegistry;
import org.apache.heron.instance.network.StreamManagerClient;
import org.apache.heron.instance.plan.Assignment;
import org.apache.heron.instance.topology.Bridge;
import org.apache.heron.instance.topology.ClassPath;
import org.apache.heron.instance.topology.PoolThreads;
import org.apache.heron.instance.topology.UserClasses;
import org.apache.heron.instance.tuple.OutgoingTuples;
import org.apache.heron.instance.util.Timers;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;

/**
 * The component's thread: runs one task from its first physical plan until it is told to stop.
 *
 * It waits for plans, tuples and timers, and lets the component work for a bounded time. The component is left alone
 * while the stream manager is away or does not keep up.
 */
public final class TaskLoop implements TaskContext, StuckWatch.Work {
    private static final Logger LOG = Logger.getLogger(TaskLoop.class.getName());
    private static final long LAST_SEND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final InstanceOptions options;
    private final InstanceSettings settings;
    private final ClassPath classPath;
    private final UserClasses classes;
    private final Inbox inbox;
    private final StreamManagerClient streamManager;
    private final MetricsPublisher publisher;
    private final OutgoingTuples outgoing;
    private final Timers timers = new Timers();
    private final MetricsRegistry metrics = new MetricsRegistry();
    private final Thread thread = Thread.currentThread();
    private Assignment assignment;
    private Task task;
    private volatile long busySince;

    /** Belongs to the thread that makes it. */
    public TaskLoop(InstanceOptions options, InstanceSettings settings, ClassPath classPath, Inbox inbox,
            StreamManagerClient streamManager, MetricsPublisher publisher) {
        this.options = options;
        this.settings = settings;
        this.classPath = classPath;
        this.inbox = inbox;
        this.streamManager = streamManager;
        this.publisher = publisher;
        classes = new UserClasses(classPath.topologyLoader());
        outgoing = new OutgoingTuples(options.componentName, options.taskId, settings, streamManager::send);
        thread.setContextClassLoader(classes.loader());
        PoolThreads.use(classes.loader());
    }

    /** Returns after the inbox was told to stop, and the topology's code has cleaned up. Throws what that throws. */
    public void run() throws InterruptedException {
        long pause = Task.UNTIL_EVENT;
        while (!inbox.isStopping()) {
            inbox.await(Math.min(pause, timers.nanosToNext()));
            PhysicalPlan plan = inbox.takePlan();
            busySince = System.nanoTime();
            if (plan != null) {
                follow(plan);
            }
            pause = work();
            busySince = 0;
        }
        LOG.info("stopping");
        if (task != null) {
            try {
                task.stop();
            } finally {
                outgoing.flush();
                streamManager.awaitSent(LAST_SEND_NANOS);
            }
        }
    }

    @Override
    public long busySince() {
        return busySince;
    }

    @Override
    public StackTraceElement[] stackTrace() {
        return thread.getStackTrace();
    }

    private void follow(PhysicalPlan plan) {
        assignment = Assignment.find(plan, options, classes);
        if (task != null) {
            task.update(assignment);
            return;
        }
        Object component = assignment.newComponent(classes);
        task = Bridge.newTask(component, this, classPath, classes);
        task.start();
        publisher.connect();
        LOG.log(Level.INFO, "running {0} ''{1}'' ({2}) as task {3}, process {4}", new Object[] {
            assignment.component.isSpout ? "spout" : "bolt",
            assignment.component.name,
            component.getClass().getName(),
            Integer.toString(options.taskId),
            Long.toString(ProcessHandle.current().pid())
        });
    }

    private long work() {
        if (task == null) {
            return Task.UNTIL_EVENT;
        }
        takeSets();
        // Before timers: what has arrived must not count as too late.
        task.settle();
        publisher.publishRegularly(timers, metrics);
        timers.runDue();
        if (!streamManager.takesTuples()) {
            return Task.UNTIL_EVENT;
        }
        long pause = task.step();
        outgoing.flush();
        return inbox.hasSets() ? 0 : pause;
    }

    private void takeSets() {
        while (task.wantsInput() && inbox.hasSets()) {
            task.accept(inbox.takeSet());
            if (inbox.hasRoomAgain()) {
                streamManager.inboxHasRoom();
            }
        }
    }

    @Override
    public Assignment assignment() {
        return assignment;
    }

    @Override
    public InstanceSettings settings() {
        return settings;
    }

    @Override
    public UserClasses classes() {
        return classes;
    }

    @Override
    public OutgoingTuples outgoing() {
        return outgoing;
    }

    @Override
    public void emitted() {
        if (Thread.currentThread() != thread) {
            inbox.wakeUp();
        }
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public MetricsRegistry metrics() {
        return metrics;
    }

    @Override
    public ErrorReports errors() {
        return publisher.errors();
    }

    @Override
    public boolean isStopping() {
        return inbox.isStopping();
    }
}
