package org.apache.heron.instance.task;

import static org.apache.heron.instance.UnitTests.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Warnings of code that does not return. */
public final class StuckWatchTests {
    private StuckWatchTests() {}

    private static final class FakeWork implements StuckWatch.Work {
        long since;

        @Override
        public long busySince() {
            return since;
        }

        @Override
        public StackTraceElement[] stackTrace() {
            return new StackTraceElement[] {new StackTraceElement("probe.Bolt", "execute", "Bolt.java", 7)};
        }
    }

    private static final class Collector extends Handler {
        final List<String> messages = new ArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            messages.add(new SimpleFormatter().formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    public static void run() {
        FakeWork work = new FakeWork();
        StuckWatch watch = new StuckWatch(work, "bolt");
        Logger logger = Logger.getLogger(StuckWatch.class.getName());
        Collector collector = new Collector();
        logger.setUseParentHandlers(false);
        logger.addHandler(collector);

        // Short pieces of work, one after the other, each longer ago than the last look.
        for (int second = 0; second < 200; second += 5) {
            work.since = nanos(second) + 1;
            watch.look(nanos(second + 4));
        }
        // No work at all.
        work.since = 0;
        watch.look(nanos(1000));
        watch.look(nanos(2000));
        check(collector.messages.isEmpty(), collector.messages.toString());

        List<Integer> warnings = new ArrayList<>();
        work.since = nanos(3000);
        for (int second = 3000; second < 3300; second += 5) {
            int before = collector.messages.size();
            watch.look(nanos(second));
            if (collector.messages.size() > before) {
                warnings.add(second - 3000);
            }
        }
        check(warnings.equals(List.of(30, 60, 120, 240)), "warned after " + warnings);
        String first = collector.messages.get(0);
        check(first.equals("code of component 'bolt' has not returned for 30 s; nothing is processed meanwhile."
                + " It is at:\n\tat probe.Bolt.execute(Bolt.java:7)"), first);
    }

    private static long nanos(int seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
