package org.apache.heron.instance.tuple;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.heron.proto.system.HeronTuples.RootId;

/** The tuples of spouts from which a tuple descends, for acking. Immutable. */
public final class Roots {
    /** Of a tuple that nobody wants to hear about again. */
    public static final Roots NONE = new Roots(List.of());

    final List<RootId> ids;

    private Roots(List<RootId> ids) {
        this.ids = ids;
    }

    static Roots of(List<RootId> ids) {
        return ids.isEmpty() ? NONE : new Roots(ids);
    }

    /** The root of a spout's own tuple. */
    public static Roots of(int taskId, long key) {
        return new Roots(List.of(RootId.newBuilder().setTaskid(taskId).setKey(key).build()));
    }

    /** Whether nobody wants to hear about the tuple again. */
    public boolean isEmpty() {
        return ids.isEmpty();
    }

    /** All roots of several tuples, each once. */
    public static Roots union(List<Roots> all) {
        Set<RootId> ids = new LinkedHashSet<>();
        for (Roots roots : all) {
            ids.addAll(roots.ids);
        }
        return of(List.copyOf(ids));
    }
}
