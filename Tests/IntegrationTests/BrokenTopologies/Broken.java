import java.util.Map;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.common.basics.ByteAmount;

/** Programs that define no topology, or one that cannot run. */
public final class Broken {
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "throw":
                throw new IllegalStateException("no words");
            case "exit":
                System.exit(Integer.parseInt(arguments[1]));
                break;
            case "hang":
                Thread.sleep(Long.MAX_VALUE);
                break;
            case "missing":
                new Missing();
                break;
            case "unserializable":
                submit(new Words(new Thread()), new Config());
                break;
            default:
                Config config = new Config();
                config.setComponentRam("words", ByteAmount.fromMegabytes(100));
                submit(new Words(""), config);
        }
    }

    private static void submit(Words words, Config config) throws Exception {
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("words", words, 1);
        HeronSubmitter.submitTopology("Broken", config, builder.createTopology());
    }

    /** A class that is left out of the jar. */
    public static final class Missing {}

    /** A spout that holds something. */
    public static final class Words extends BaseRichSpout {
        private final Object held;

        Words(Object held) {
            this.held = held;
        }

        @Override
        public void open(Map<String, Object> config, TopologyContext context, SpoutOutputCollector collector) {}

        @Override
        public void nextTuple() {}

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {}
    }
}
