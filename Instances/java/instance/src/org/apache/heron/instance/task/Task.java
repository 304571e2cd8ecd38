package org.apache.heron.instance.task;

import org.apache.heron.instance.plan.Assignment;
import org.apache.heron.instance.tuple.IncomingSet;

/** A spout or bolt of the topology at work. Everything happens on the component's thread; anything may throw. */
public interface Task {
    /** step() had nothing to do, and only an event will change that. */
    long UNTIL_EVENT = Long.MAX_VALUE;

    /** Opens the spout, prepares the bolt. */
    void start();

    /** There is a new physical plan: the topology's state, its runtime configuration or its tasks have changed. */
    void update(Assignment assignment);

    /** Whether it can take another set. */
    boolean wantsInput();

    /** Takes a set, which the next steps work on. Only if it wants input. */
    void accept(IncomingSet set);

    /** Tells the topology's code what has become of its tuples. Also while it may not emit. */
    void settle();

    /** Works for a bounded time; returns after how many nanoseconds there is more to do without an event. */
    long step();

    /** Lets the topology's code clean up. Nothing follows. */
    void stop();
}
