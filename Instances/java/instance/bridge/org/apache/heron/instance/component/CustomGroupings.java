package org.apache.heron.instance.component;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.plan.Assignment;
import org.apache.heron.instance.plan.ComponentPlan;
import org.apache.heron.instance.plan.InputStream;
import org.apache.heron.instance.topology.UserClasses;

/** The custom groupings of the streams that a component emits: objects of the topology that choose tasks. */
final class CustomGroupings {
    private final Map<String, List<Target>> targets = new HashMap<>();

    private static final class Target {
        final CustomStreamGrouping grouping;
        final List<Integer> tasks;

        Target(CustomStreamGrouping grouping, List<Integer> tasks) {
            this.grouping = grouping;
            this.tasks = tasks;
        }

        void choose(List<Object> values, List<Integer> chosen) {
            List<Integer> choice = grouping.chooseTasks(values);
            if (choice == null || !tasks.containsAll(choice)) {
                throw new IllegalArgumentException("the custom grouping " + grouping.getClass().getName() + " chose the"
                        + " tasks " + choice + ", which are not all among " + tasks);
            }
            chosen.addAll(choice);
        }
    }

    /** Deserializes the groupings. Throws {@link InstanceError} for one that cannot be used. */
    CustomGroupings(Assignment assignment, UserClasses classes) {
        String emitter = assignment.component.name;
        for (ComponentPlan consumer : assignment.components.values()) {
            for (InputStream input : consumer.inputs) {
                if (input.isCustom() && input.component.equals(emitter)) {
                    String what = "the custom grouping of '" + emitter + "/" + input.stream + "' for '" + consumer.name
                            + "'";
                    targets.computeIfAbsent(input.stream, stream -> new ArrayList<>())
                            .add(new Target(grouping(input, what, classes), assignment.tasks(consumer.name)));
                }
            }
        }
    }

    /** Tells each grouping which tasks it has. */
    void prepare(TopologyContext context) {
        targets.forEach((stream, all) -> all.forEach(target ->
                target.grouping.prepare(context, context.getThisComponentId(), stream, target.tasks)));
    }

    /**
     * The tasks that the stream's groupings choose for these values; none for a stream without them.
     *
     * @throws IllegalArgumentException if a grouping chooses something else than its tasks.
     */
    List<Integer> choose(String stream, List<Object> values) {
        List<Target> all = targets.get(stream);
        if (all == null) {
            return List.of();
        }
        List<Integer> chosen = new ArrayList<>();
        all.forEach(target -> target.choose(values, chosen));
        return chosen;
    }

    private static CustomStreamGrouping grouping(InputStream input, String what, UserClasses classes) {
        if (input.customGrouping.length == 0) {
            throw new InstanceError(what + " is not written in Java");
        }
        Object grouping = classes.deserialize(input.customGrouping, what);
        if (!(grouping instanceof CustomStreamGrouping)) {
            throw new InstanceError(what + " is a " + grouping.getClass().getName() + ", not a CustomStreamGrouping");
        }
        return (CustomStreamGrouping) grouping;
    }
}
