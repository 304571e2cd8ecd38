package org.apache.heron.instance.component;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Logger;
import org.apache.heron.api.hooks.ITaskHook;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.plan.Assignment;
import org.apache.heron.instance.task.Task;
import org.apache.heron.instance.task.TaskContext;

/** What tasks of spouts and bolts have in common. */
abstract class ComponentTask implements Task {
    private static final Logger LOG = Logger.getLogger(ComponentTask.class.getName());

    final TaskContext task;
    final Settings settings;
    final ValueSerializer serializer;
    final ComponentContext context;
    final Emitter emitter;
    /** The map that the topology's code was given; a new runtime configuration appears in it. */
    final Map<String, Object> config;
    private final Object component;

    ComponentTask(Object component, TaskContext task) {
        this.component = component;
        this.task = task;
        // As in Heron, the topology may put null into it.
        config = Collections.synchronizedMap(new HashMap<>());
        merge(task.assignment());
        settings = new Settings(config);
        context = new ComponentContext(task.assignment(), task.metrics());
        serializer = ValueSerializer.of(config, task.classes());
        emitter = new Emitter(task, context, serializer, newCounts("__emit-count"));
        addConfiguredHooks();
    }

    /** Opens the spout or prepares the bolt, between what comes before and after for both. */
    abstract void open();

    /** Closes the spout or cleans up the bolt. */
    abstract void close();

    @Override
    public void start() {
        Api.initializeGlobalMetrics(context, task.settings().metricsIntervalSeconds);
        if (settings.isStateful()) {
            LOG.warning("effectively-once is not supported; this topology runs at most once, without state");
            EmptyState.giveTo(component);
        }
        // Before open(), where the topology may start threads that emit.
        emitter.prepareGroupings();
        open();
        context.hooks().prepare(config, context);
        TimerEvents.begin(settings.timerEvents(), task.timers());
    }

    @Override
    public void update(Assignment assignment) {
        merge(assignment);
        context.update(assignment);
        emitter.update(assignment);
        Api.update(component, context);
    }

    @Override
    public void stop() {
        context.hooks().cleanUp();
        close();
    }

    final Counts newCounts(String name) {
        Counts counts = new Counts();
        task.metrics().register(name, task.settings().metricsIntervalSeconds, counts::take);
        return counts;
    }

    private void merge(Assignment assignment) {
        config.putAll(assignment.config);
    }

    private void addConfiguredHooks() {
        for (String name : settings.taskHooks()) {
            Object hook = task.classes().newInstance(name, "topology.auto.task.hooks");
            if (!(hook instanceof ITaskHook)) {
                throw new InstanceError("topology.auto.task.hooks: " + name + " is not an " + ITaskHook.class.getName());
            }
            context.addTaskHook((ITaskHook) hook);
        }
    }
}
