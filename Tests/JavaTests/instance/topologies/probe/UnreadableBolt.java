package probe;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.util.Map;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;

/** Can be serialized, but not deserialized. */
public final class UnreadableBolt extends BaseRichBolt {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream stream) throws InvalidObjectException {
        throw new InvalidObjectException("unreadable, as asked");
    }

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector collector) {}

    @Override
    public void execute(Tuple tuple) {}

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {}
}
