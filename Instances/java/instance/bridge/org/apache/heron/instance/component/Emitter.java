package org.apache.heron.instance.component;

import java.util.List;
import java.util.Map;
import org.apache.heron.instance.plan.Assignment;
import org.apache.heron.instance.task.TaskContext;
import org.apache.heron.instance.tuple.OutgoingTuple;
import org.apache.heron.instance.tuple.Roots;

/** What spouts and bolts have in common when they emit. For any thread, as far as the topology's groupings are. */
final class Emitter {
    /** No task: the stream manager, or a custom grouping, chooses. */
    static final int ANY_TASK = -1;

    private final TaskContext task;
    private final ComponentContext context;
    private final ValueSerializer serializer;
    private final Counts emitted;
    private volatile Assignment assignment;
    private volatile CustomGroupings groupings;

    Emitter(TaskContext task, ComponentContext context, ValueSerializer serializer, Counts emitted) {
        this.task = task;
        this.context = context;
        this.serializer = serializer;
        this.emitted = emitted;
        assignment = task.assignment();
        groupings = new CustomGroupings(assignment, task.classes());
    }

    /** Tells the custom groupings which tasks they have. */
    void prepareGroupings() {
        groupings.prepare(context);
    }

    /** The tasks may be others now. */
    void update(Assignment newAssignment) {
        CustomGroupings newGroupings = new CustomGroupings(newAssignment, task.classes());
        newGroupings.prepare(context);
        assignment = newAssignment;
        groupings = newGroupings;
    }

    /**
     * Queues a tuple.
     *
     * @return the tasks that were chosen here; those that the stream manager chooses are not known.
     * @throws IllegalArgumentException if the stream was not declared, or the values do not suit it or cannot be sent.
     */
    List<Integer> emit(String stream, List<Object> values, Roots roots, int directTask) {
        List<String> fields = fields(stream, values);
        List<Integer> tasks =
                directTask == ANY_TASK ? groupings.choose(stream, values) : List.of(existing(directTask));
        context.hooks().emitted(values, stream, tasks);
        OutgoingTuple tuple = new OutgoingTuple(roots, tasks);
        for (int index = 0; index < fields.size(); index++) {
            tuple.add(serialize(values.get(index), stream, fields.get(index)));
        }
        task.outgoing().add(stream, tuple);
        task.emitted();
        emitted.add(stream, 1);
        return tasks;
    }

    private List<String> fields(String stream, List<Object> values) {
        Map<String, List<String>> outputs = assignment.component.outputs;
        List<String> fields = outputs.get(stream);
        if (fields == null) {
            throw new IllegalArgumentException("component '" + assignment.component.name + "' emits to stream '"
                    + stream + "', which it did not declare");
        }
        if (fields.size() != values.size()) {
            throw new IllegalArgumentException("stream '" + stream + "' of '" + assignment.component.name + "' has "
                    + fields.size() + " fields, but " + values.size() + " values were emitted: " + values);
        }
        return fields;
    }

    private int existing(int directTask) {
        if (!assignment.taskToComponent.containsKey(directTask)) {
            throw new IllegalArgumentException("component '" + assignment.component.name + "' emits to task "
                    + directTask + ", which the topology does not have");
        }
        return directTask;
    }

    private byte[] serialize(Object value, String stream, String field) {
        try {
            return serializer.serialize(value);
        } catch (Exception | LinkageError error) {
            throw new IllegalArgumentException("component '" + assignment.component.name + "' emitted to stream '"
                    + stream + "' a value of " + (value == null ? "null" : value.getClass().getName()) + " as '" + field
                    + "', which cannot be serialized: " + error, error);
        }
    }
}
