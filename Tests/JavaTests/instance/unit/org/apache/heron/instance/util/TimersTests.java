package org.apache.heron.instance.util;

import static org.apache.heron.instance.UnitTests.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The order of what is due, cancelling, and what is done again and again. */
public final class TimersTests {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private TimersTests() {}

    public static void run() {
        Timers timers = new Timers();
        List<String> done = new ArrayList<>();
        check(timers.nanosToNext() == Long.MAX_VALUE, "nothing is due ever");
        timers.after(HOUR, () -> done.add("later"));
        long left = timers.nanosToNext();
        check(left > 0 && left <= HOUR, "due in " + left);

        timers.after(-1, () -> done.add("second"));
        timers.after(-2 * HOUR, () -> done.add("first"));
        Timers.Timer cancelled = timers.after(-HOUR, () -> done.add("cancelled"));
        check(timers.nanosToNext() == 0, "something is due");
        cancelled.cancel();
        timers.runDue();
        check(done.equals(List.of("first", "second")), done.toString());

        // Once for each call: what is missed is left out.
        int[] count = {0};
        timers.every(1, () -> count[0]++);
        for (int call = 1; call <= 3; call++) {
            while (timers.nanosToNext() > 0) {
                Thread.onSpinWait();
            }
            timers.runDue();
            check(count[0] == call, "run " + count[0] + " times in " + call);
        }
    }
}
