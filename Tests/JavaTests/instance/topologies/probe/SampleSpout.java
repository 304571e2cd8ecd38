package probe;

import java.util.Iterator;
import java.util.Map;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Values;

/** Emits every sample once. */
public final class SampleSpout extends BaseRichSpout {
    private static final long serialVersionUID = 1L;

    private transient SpoutOutputCollector collector;
    private transient Iterator<Object> samples;

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
        declarer.declare(new Fields("sample"));
    }

    @Override
    public void open(Map<String, Object> config, TopologyContext context, SpoutOutputCollector output) {
        collector = output;
        samples = Samples.all().iterator();
    }

    @Override
    public void nextTuple() {
        if (samples.hasNext()) {
            collector.emit(new Values(new Object[] {samples.next()}));
        }
    }
}
