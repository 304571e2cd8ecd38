package org.apache.heron.api.bolt;

import java.util.Map;

import org.apache.heron.api.exception.FailedException;
import org.apache.heron.api.exception.ReportedFailedException;
import org.apache.heron.api.topology.IUpdatable;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;

/** Runs a basic bolt as a bolt: acks what it has executed, fails what it has thrown a {@link FailedException} for. */
public class BasicBoltExecutor implements IRichBolt, IUpdatable {
    private static final long serialVersionUID = 7021447981762957626L;

    private final IBasicBolt bolt;
    private transient BasicOutputCollector collector;

    public BasicBoltExecutor(IBasicBolt bolt) {
        this.bolt = bolt;
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
        bolt.declareOutputFields(declarer);
    }

    @Override
    public void prepare(Map<String, Object> heronConf, TopologyContext context, OutputCollector outputCollector) {
        bolt.prepare(heronConf, context);
        collector = new BasicOutputCollector(outputCollector);
    }

    @Override
    public void execute(Tuple input) {
        collector.setContext(input);
        try {
            bolt.execute(input, collector);
        } catch (FailedException failure) {
            if (failure instanceof ReportedFailedException) {
                collector.reportError(failure);
            }
            collector.getOutputter().fail(input);
            return;
        }
        collector.getOutputter().ack(input);
    }

    @Override
    public void cleanup() {
        bolt.cleanup();
    }

    @Override
    public Map<String, Object> getComponentConfiguration() {
        return bolt.getComponentConfiguration();
    }

    @Override
    public void update(TopologyContext topologyContext) {
        if (bolt instanceof IUpdatable) {
            ((IUpdatable) bolt).update(topologyContext);
        }
    }
}
