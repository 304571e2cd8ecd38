package storm;

import org.apache.storm.task.IBolt;

/** A bolt for Apache Storm. */
public final class StormBolt implements IBolt {
    @Override
    public void cleanup() {}
}
