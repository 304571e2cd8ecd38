package probe;

import java.util.List;
import java.util.Map;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.topology.IUpdatable;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;

/** Does what the value of a tuple says, or describes the tuple; see {@link Answers} and {@link Misdeeds}. */
public final class EchoBolt extends BaseRichBolt implements IUpdatable {
    private static final long serialVersionUID = 1L;

    private transient OutputCollector collector;
    private transient Map<String, Object> config;
    private transient Answers answers;
    private transient Meters meters;
    private transient Tuple held;

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
        declarer.declare(new Fields("answer"));
        declarer.declareStream("events", new Fields("what"));
    }

    @Override
    public void prepare(Map<String, Object> conf, TopologyContext context, OutputCollector output) {
        collector = output;
        config = conf;
        Options options = new Options(conf);
        options.failIn("prepare");
        answers = new Answers(conf, context);
        meters = new Meters(context, output);
        if (options.has("add.hook")) {
            context.addTaskHook(new NotingHook());
        }
        System.out.println("ready");
    }

    @Override
    public void execute(Tuple tuple) {
        if (tuple.getSourceStreamId().equals("__tick")) {
            event("tick " + tuple.getSourceComponent() + " " + tuple.getSourceTask() + " " + tuple.getValues());
            collector.ack(tuple);
            return;
        }
        String question = tuple.getValue(0).toString();
        Misdeeds.commit(question, collector);
        if (question.startsWith("skip")) {
            collector.ack(tuple);
        } else if (question.equals("fail")) {
            collector.fail(tuple);
        } else if (question.equals("hold")) {
            held = tuple;
        } else if (question.equals("join")) {
            collector.emit(List.of(held, tuple), new Values("joined"));
            collector.ack(held);
            collector.ack(tuple);
        } else if (question.equals("thread")) {
            new Thread(() -> answer(tuple, "from " + Thread.currentThread().getName()), "own").start();
        } else {
            meters.measure(question);
            answer(tuple, answers.to(question, tuple));
        }
    }

    @Override
    public void update(TopologyContext context) {
        event("updated " + config.get("greeting:runtime") + " " + context.getComponentTasks("echo"));
    }

    @Override
    public void cleanup() {
        event("cleaned up");
    }

    private void answer(Tuple tuple, String answer) {
        collector.emit(tuple, new Values(answer));
        collector.ack(tuple);
    }

    private void event(String what) {
        collector.emit("events", new Values(what));
    }
}
