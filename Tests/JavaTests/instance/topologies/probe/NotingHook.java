package probe;

import java.util.Map;
import org.apache.heron.api.hooks.ITaskHook;
import org.apache.heron.api.hooks.info.BoltAckInfo;
import org.apache.heron.api.hooks.info.BoltExecuteInfo;
import org.apache.heron.api.hooks.info.BoltFailInfo;
import org.apache.heron.api.hooks.info.EmitInfo;
import org.apache.heron.api.hooks.info.SpoutAckInfo;
import org.apache.heron.api.hooks.info.SpoutFailInfo;
import org.apache.heron.api.topology.TopologyContext;

/** Prints what it is told. */
public final class NotingHook implements ITaskHook {
    @Override
    public void prepare(Map<String, Object> config, TopologyContext context) {
        System.out.println("hook prepare " + context.getThisTaskId());
    }

    @Override
    public void cleanup() {
        System.out.println("hook cleanup");
    }

    @Override
    public void emit(EmitInfo info) {
        System.out.println("hook emit " + info.getValues() + " " + info.getStream() + " " + info.getTaskId() + " "
                + info.getOutTasks());
    }

    @Override
    public void spoutAck(SpoutAckInfo info) {
        System.out.println("hook spoutAck " + info.getMessageId() + " " + info.getSpoutTaskId() + " "
                + (info.getCompleteLatency().toNanos() > 0));
    }

    @Override
    public void spoutFail(SpoutFailInfo info) {
        System.out.println("hook spoutFail " + info.getMessageId() + " " + info.getSpoutTaskId() + " "
                + (info.getFailLatency().toNanos() > 0));
    }

    @Override
    public void boltExecute(BoltExecuteInfo info) {
        System.out.println("hook boltExecute " + info.getTuple().getValues() + " " + info.getExecutingTaskId() + " "
                + (info.getExecuteLatency().toNanos() > 0));
    }

    @Override
    public void boltAck(BoltAckInfo info) {
        System.out.println("hook boltAck " + info.getTuple().getValues() + " " + info.getAckingTaskId() + " "
                + (info.getProcessLatency().toNanos() > 0));
    }

    @Override
    public void boltFail(BoltFailInfo info) {
        System.out.println("hook boltFail " + info.getTuple().getValues() + " " + info.getFailingTaskId() + " "
                + (info.getFailLatency().toNanos() > 0));
    }
}
