package org.apache.heron.examples.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.api.utils.Utils;

/** Spouts of random words, and bolts that count them: the same word always at the same bolt. */
public final class WordCountTopology {
    private WordCountTopology() {
    }

    /** Takes the topology's name and the number of spouts, which is that of bolts and containers (1). */
    public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
        String name = Examples.name(args, WordCountTopology.class, 2, " [parallelism]");
        int parallelism = args.length > 1 ? parallelism(args[1]) : 1;
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("word", new WordSpout(), parallelism);
        builder.setBolt("consumer", new ConsumerBolt(), parallelism).fieldsGrouping("word", new Fields("word"));

        Config conf = new Config();
        Examples.requestInstances(conf, "word", "consumer");
        conf.setComponentCpu("word", 1);
        conf.setComponentCpu("consumer", 1);
        Examples.requestContainers(conf, 2 * parallelism, parallelism);
        HeronSubmitter.submitTopology(name, conf, builder.createTopology());
    }

    private static int parallelism(String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            Examples.fail("the parallelism is '" + text + "'; it must be a whole number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }

    /** Emits random words of a vocabulary, at most ten thousand a second. */
    public static class WordSpout extends BaseRichSpout {
        private static final long serialVersionUID = 1L;
        private static final int VOCABULARY = 128 * 1024;
        private static final int LENGTH = 20;
        private static final int BURST = 100;

        private transient String[] words;
        private transient Random random;
        private transient SpoutOutputCollector collector;
        private transient int emitted;

        @Override
        public void open(Map<String, Object> conf, TopologyContext context, SpoutOutputCollector outputCollector) {
            collector = outputCollector;
            random = new Random();
            words = new String[VOCABULARY];
            char[] letters = new char[LENGTH];
            for (int word = 0; word < VOCABULARY; word++) {
                for (int i = 0; i < LENGTH; i++) {
                    letters[i] = Character.forDigit(random.nextInt(36), 36);
                }
                words[word] = new String(letters);
            }
        }

        @Override
        public void nextTuple() {
            collector.emit(new Values(words[random.nextInt(VOCABULARY)]));
            if (++emitted % BURST == 0) {
                Utils.sleep(10);
            }
        }

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {
            declarer.declare(new Fields("word"));
        }
    }

    /** Counts words, and prints every so often how many there were. */
    public static class ConsumerBolt extends BaseRichBolt {
        private static final long serialVersionUID = 1L;
        private static final int REPORT = 100_000;

        private transient Map<String, Integer> counts;
        private transient long total;
        private transient OutputCollector collector;

        @Override
        public void prepare(Map<String, Object> conf, TopologyContext context, OutputCollector outputCollector) {
            collector = outputCollector;
            counts = new HashMap<>();
        }

        @Override
        public void execute(Tuple tuple) {
            String word = tuple.getString(0);
            int count = counts.merge(word, 1, Integer::sum);
            if (++total % REPORT == 0) {
                System.out.println(total + " words, " + counts.size() + " different; " + count + " times " + word);
            }
            collector.ack(tuple);
        }

        @Override
        public void declareOutputFields(OutputFieldsDeclarer declarer) {
        }
    }
}
