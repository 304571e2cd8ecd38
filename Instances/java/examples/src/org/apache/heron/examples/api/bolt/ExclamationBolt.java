package org.apache.heron.examples.api.bolt;

import java.util.Map;

import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.metric.GlobalMetrics;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;

/** Prints words with exclamation marks. */
public class ExclamationBolt extends BaseRichBolt {
    private static final long serialVersionUID = 1L;

    private transient OutputCollector collector;

    @Override
    public void prepare(Map<String, Object> conf, TopologyContext context, OutputCollector outputCollector) {
        collector = outputCollector;
    }

    @Override
    public void execute(Tuple tuple) {
        System.out.println(tuple.getString(0) + "!!!");
        GlobalMetrics.incr("exclaimed");
        collector.ack(tuple);
    }

    /** The bolt ends the topology: it emits nothing. */
    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
    }
}
