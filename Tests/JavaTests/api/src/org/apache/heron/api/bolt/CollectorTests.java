package org.apache.heron.api.bolt;

import static org.apache.heron.api.testing.Check.equal;
import static org.apache.heron.api.testing.Check.test;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.apache.heron.api.Constants;
import org.apache.heron.api.exception.FailedException;
import org.apache.heron.api.exception.ReportedFailedException;
import org.apache.heron.api.spout.ISpoutOutputCollector;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.api.utils.TupleUtils;

/** Tests of the collectors' shorter forms, and of basic bolts. */
public final class CollectorTests {
    private CollectorTests() {
    }

    /** Notes what it is told. */
    private static final class Recorder implements IOutputCollector, ISpoutOutputCollector {
        final List<String> calls = new ArrayList<>();

        @Override
        public List<Integer> emit(String streamId, Collection<Tuple> anchors, List<Object> tuple) {
            calls.add("emit " + streamId + " " + anchors + " " + tuple);
            return List.of(1);
        }

        @Override
        public void emitDirect(int taskId, String streamId, Collection<Tuple> anchors, List<Object> tuple) {
            calls.add("direct " + taskId + " " + streamId + " " + anchors + " " + tuple);
        }

        @Override
        public List<Integer> emit(String streamId, List<Object> tuple, Object messageId) {
            calls.add("emit " + streamId + " " + tuple + " " + messageId);
            return List.of(2);
        }

        @Override
        public void emitDirect(int taskId, String streamId, List<Object> tuple, Object messageId) {
            calls.add("direct " + taskId + " " + streamId + " " + tuple + " " + messageId);
        }

        @Override
        public void ack(Tuple input) {
            calls.add("ack " + input);
        }

        @Override
        public void fail(Tuple input) {
            calls.add("fail " + input);
        }

        @Override
        public void reportError(Throwable error) {
            calls.add("error " + error.getMessage());
        }
    }

    private static Tuple tuple(String component, String stream) {
        return (Tuple) Proxy.newProxyInstance(Tuple.class.getClassLoader(), new Class<?>[] {Tuple.class},
            (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "getSourceComponent":
                        return component;
                    case "getSourceStreamId":
                        return stream;
                    default:
                        return "T";
                }
            });
    }

    /** Emits, and throws what it is made with. */
    private static final class Basic extends BaseBasicBolt {
        private static final long serialVersionUID = 1L;
        private final FailedException failure;

        Basic(FailedException failure) {
            this.failure = failure;
        }

        @Override
        public void execute(Tuple input, BasicOutputCollector collector) {
            collector.emit(new Values(1));
            collector.emitDirect(3, new Values(2));
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {
        }
    }

    private static List<String> executed(FailedException failure) {
        Recorder recorder = new Recorder();
        BasicBoltExecutor bolt = new BasicBoltExecutor(new Basic(failure));
        bolt.prepare(null, null, new OutputCollector(recorder));
        bolt.execute(tuple("a", "b"));
        return recorder.calls;
    }

    public static void run() {
        test("OutputCollector: default stream, anchors or none", () -> {
            Recorder recorder = new Recorder();
            OutputCollector collector = new OutputCollector(recorder);
            Tuple anchor = tuple("a", "b");
            equal(collector.emit(new Values(1)), List.of(1));
            collector.emit(anchor, new Values(1));
            collector.emit("s", List.of(anchor, anchor), new Values(1));
            collector.emit("s", (Tuple) null, new Values(1));
            collector.emitDirect(7, anchor, new Values(1));
            equal(recorder.calls, List.of("emit default null [1]", "emit default [T] [1]", "emit s [T, T] [1]",
                "emit s null [1]", "direct 7 default [T] [1]"));
        });
        test("SpoutOutputCollector: default stream, message id or none", () -> {
            Recorder recorder = new Recorder();
            SpoutOutputCollector collector = new SpoutOutputCollector(recorder);
            equal(collector.emit(new Values(1)), List.of(2));
            collector.emit(new Values(1), "id");
            collector.emit("s", new Values(1));
            collector.emitDirect(7, new Values(1));
            equal(recorder.calls, List.of("emit default [1] null", "emit default [1] id", "emit s [1] null",
                "direct 7 default [1] null"));
        });
        test("basic bolts: anchored, acked", () -> equal(executed(null),
            List.of("emit default [T] [1]", "direct 3 default [T] [2]", "ack T")));
        test("basic bolts: failed", () -> equal(executed(new FailedException("x")),
            List.of("emit default [T] [1]", "direct 3 default [T] [2]", "fail T")));
        test("basic bolts: failed and reported", () -> equal(executed(new ReportedFailedException("x")),
            List.of("emit default [T] [1]", "direct 3 default [T] [2]", "error x", "fail T")));
        test("tick tuples are told from others", () -> {
            equal(TupleUtils.isTick(tuple(Constants.SYSTEM_COMPONENT_ID, Constants.SYSTEM_TICK_STREAM_ID)), true);
            equal(TupleUtils.isTick(tuple("a", Constants.SYSTEM_TICK_STREAM_ID)), false);
            equal(TupleUtils.isTick(null), false);
        });
    }
}
