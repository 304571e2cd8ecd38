package probe;

import java.util.List;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.topology.TopologyContext;

/** Chooses by the number; for -7 a task that does not belong to the bolt, for -8 nothing. */
public final class ModuloGrouping implements CustomStreamGrouping {
    private static final long serialVersionUID = 1L;

    private transient List<Integer> tasks;

    @Override
    public void prepare(TopologyContext context, String component, String stream, List<Integer> targets) {
        tasks = targets;
        System.out.println("grouping " + component + "/" + stream + " for " + targets);
    }

    @Override
    public List<Integer> chooseTasks(List<Object> values) {
        int number = (Integer) values.get(0);
        if (number == -7) {
            return List.of(1);
        }
        return number == -8 ? null : List.of(tasks.get(number % tasks.size()));
    }
}
