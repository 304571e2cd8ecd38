import java.util.Map;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;

/** A spout that emits 100 bytes as fast as it may, a bolt that counts them, and one that passes them on. */
public final class BenchTopology {
    private BenchTopology() {}

    /** The only argument is the topology's name. */
    public static void main(String[] arguments) throws Exception {
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("source", new Source(), 1);
        builder.setBolt("sink", new Sink(), 1).shuffleGrouping("source");
        builder.setBolt("relay", new Relay(), 1).shuffleGrouping("source");
        HeronSubmitter.submitTopology(arguments[0], new Config(), builder.createTopology());
    }

    /** Emits the same 100 characters. */
    public static final class Source extends BaseRichSpout {
        private static final long serialVersionUID = 1L;
        private transient SpoutOutputCollector collector;
        private transient String payload;

        @Override
        public void open(Map<String, Object> config, TopologyContext context, SpoutOutputCollector out) {
            collector = out;
            payload = "x".repeat(100);
        }

        @Override
        public void nextTuple() {
            collector.emit(new Values(payload));
        }

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {
            declarer.declare(new Fields("payload"));
        }
    }

    /** Counts, and says so now and then. */
    public static final class Sink extends BaseRichBolt {
        private static final long serialVersionUID = 1L;
        private static final int REPORT = 10_000;
        private transient OutputCollector collector;
        private long count;
        private long characters;

        @Override
        public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
            collector = out;
        }

        @Override
        public void execute(Tuple tuple) {
            characters += tuple.getString(0).length();
            collector.ack(tuple);
            if (++count % REPORT == 0) {
                collector.emit(new Values(characters));
            }
        }

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {
            declarer.declare(new Fields("characters"));
        }
    }

    /** Passes everything on. */
    public static final class Relay extends BaseRichBolt {
        private static final long serialVersionUID = 1L;
        private transient OutputCollector collector;

        @Override
        public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
            collector = out;
        }

        @Override
        public void execute(Tuple tuple) {
            collector.emit(tuple, new Values(tuple.getValue(0)));
            collector.ack(tuple);
        }

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {
            declarer.declare(new Fields("payload"));
        }
    }
}
