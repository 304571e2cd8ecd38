package org.apache.heron.examples.api.spout;

import java.time.Duration;
import java.util.Map;
import java.util.Random;

import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.api.utils.Utils;

/** Emits one of a few words again and again, with a pause after each. */
public class TestWordSpout extends BaseRichSpout {
    private static final long serialVersionUID = 1L;
    private static final String[] WORDS = {"nathan", "mike", "jackson", "golda", "bertels"};

    private final Duration pause;
    private transient SpoutOutputCollector collector;
    private transient Random random;

    /** A spout of five words a second. */
    public TestWordSpout() {
        this(Duration.ofMillis(200));
    }

    public TestWordSpout(Duration pause) {
        this.pause = pause;
    }

    @Override
    public void open(Map<String, Object> conf, TopologyContext context, SpoutOutputCollector outputCollector) {
        collector = outputCollector;
        random = new Random();
    }

    @Override
    public void nextTuple() {
        String word = WORDS[random.nextInt(WORDS.length)];
        collector.emit(new Values(word), messageId(word));
        Utils.sleep(pause.toMillis());
    }

    /** What the word is tracked by; null for not at all. */
    protected Object messageId(String word) {
        return null;
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
        declarer.declare(new Fields("word"));
    }
}
