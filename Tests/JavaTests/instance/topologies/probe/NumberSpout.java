package probe;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Values;

/**
 * Emits `first` (0), then the numbers up to `last` (9), with ids if `with.ids`; to the task `direct.task`; from a
 * thread of its own if `own.thread`; hangs at the number `hang.at`; before each number tries to emit something that
 * cannot be sent, with an id, if `unsendable`.
 */
public final class NumberSpout extends BaseRichSpout {
    private static final long serialVersionUID = 1L;

    private transient SpoutOutputCollector collector;
    private transient Options options;
    private int next;
    private int last;

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
        declarer.declare(new Fields("number"));
        declarer.declareStream("events", new Fields("what"));
    }

    @Override
    public void open(Map<String, Object> config, TopologyContext context, SpoutOutputCollector output) {
        collector = output;
        options = new Options(config);
        options.failIn("open");
        next = options.number("first", 0);
        last = options.number("last", 9);
        if (options.has("add.hook")) {
            context.addTaskHook(new NotingHook());
        }
        event("opened as " + context.getThisComponentId() + " " + context.getThisTaskId());
        if (options.has("own.thread")) {
            new Thread(this::emitAll, "own").start();
        }
    }

    @Override
    public void nextTuple() {
        options.failIn("nextTuple");
        if (!options.has("own.thread") && next <= last) {
            emit();
        }
    }

    @Override
    public void ack(Object id) {
        System.out.println("acked " + id);
        event("acked " + id);
    }

    @Override
    public void fail(Object id) {
        System.out.println("failed " + id);
        event("failed " + id);
    }

    @Override
    public void activate() {
        event("activated");
    }

    @Override
    public void deactivate() {
        event("deactivated");
    }

    @Override
    public void close() {
        event("closed");
        options.failIn("close");
    }

    private void emitAll() {
        while (next <= last) {
            emit();
        }
    }

    private void emit() {
        if (next == options.number("hang.at", -1)) {
            System.out.println("hanging");
            hang();
        }
        if (options.has("unsendable")) {
            emitUnsendable();
        }
        Values values = new Values(next);
        String id = options.has("with.ids") ? "id " + next : null;
        int task = options.number("direct.task", -1);
        next++;
        if (task >= 0) {
            collector.emitDirect(task, values, id);
        } else {
            collector.emit(values, id);
        }
    }

    private void emitUnsendable() {
        try {
            collector.emit("events", new Values(new Object()), "id of nothing");
        } catch (IllegalArgumentException refused) {
            // A careful spout goes on.
        }
    }

    private void event(String what) {
        collector.emit("events", new Values(what));
    }

    /** Never returns, not even when it is interrupted. */
    static void hang() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ignored) {
                // Code that does not care is what the test is about.
            }
        }
    }
}
