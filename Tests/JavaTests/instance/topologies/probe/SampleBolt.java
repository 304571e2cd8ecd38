package probe;

import java.util.Iterator;
import java.util.Map;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;

/** Prints whether it gets every sample, in their order. */
public final class SampleBolt extends BaseRichBolt {
    private static final long serialVersionUID = 1L;

    private transient Iterator<Object> samples;
    private int count;

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {}

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector collector) {
        samples = Samples.all().iterator();
    }

    @Override
    public void execute(Tuple tuple) {
        Object sample = samples.next();
        if (!Samples.areEqual(sample, tuple.getValue(0))) {
            System.out.println("sample " + count + " came as another value");
        }
        count++;
        if (!samples.hasNext()) {
            System.out.println("checked " + count + " samples");
        }
    }
}
