package probe;

import java.util.ArrayList;
import java.util.List;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.tuple.Values;

/** What the code of a topology should not do. */
final class Misdeeds {
    private Misdeeds() {}

    /** Does nothing if the question asks for nothing bad. */
    static void commit(String question, OutputCollector collector) {
        String[] words = question.split(" ", 2);
        switch (words[0]) {
            case "raise":
                throw new IllegalStateException("boom, as asked");
            case "raise-error":
                throw new StackOverflowError("as asked");
            case "raise-in-thread":
                new Thread(() -> {
                    throw new IllegalStateException("boom, in a thread");
                }, "own").start();
                break;
            case "exit":
                System.exit(0);
                break;
            case "exit-in-thread":
                new Thread(() -> System.exit(0), "own").start();
                NumberSpout.hang();
                break;
            case "undeclared":
                collector.emit("nowhere", new Values(1));
                break;
            case "two-values":
                collector.emit(new Values(1, 2));
                break;
            case "no-task":
                collector.emitDirect(99, new Values("direct"));
                break;
            case "unserializable":
                collector.emit(new Values(List.of(new Object())));
                break;
            case "large":
                collector.emit(new Values("x".repeat(Integer.parseInt(words[1]))));
                break;
            case "memory":
                fillMemory();
                break;
            case "memory-in-thread":
                new Thread(Misdeeds::fillMemory, "own").start();
                break;
            case "hang":
                System.out.println("hanging");
                NumberSpout.hang();
                break;
            default:
        }
    }

    private static void fillMemory() {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[1 << 20]);
        }
    }
}
