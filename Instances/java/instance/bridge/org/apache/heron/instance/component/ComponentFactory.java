package org.apache.heron.instance.component;

import org.apache.heron.api.bolt.IBolt;
import org.apache.heron.api.spout.ISpout;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.task.Task;
import org.apache.heron.instance.task.TaskContext;
import org.apache.heron.instance.task.TaskFactory;

/** Makes tasks of spouts and bolts. */
public final class ComponentFactory implements TaskFactory {
    @Override
    public Task newTask(Object component, TaskContext context) {
        boolean isSpout = context.assignment().component.isSpout;
        if (isSpout && component instanceof ISpout) {
            return new SpoutTask((ISpout) component, context);
        }
        if (!isSpout && component instanceof IBolt) {
            return new BoltTask((IBolt) component, context);
        }
        throw new InstanceError("component '" + context.assignment().component.name + "' is a "
                + (isSpout ? "spout" : "bolt") + " of the topology, but " + component.getClass().getName() + " is not");
    }
}
