package probe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.utils.Utils;

/** What a bolt knows: of its configuration, its context, its tuples and its class loader. */
final class Answers {
    private final Map<String, Object> config;
    private final TopologyContext context;

    Answers(Map<String, Object> config, TopologyContext context) {
        this.config = config;
        this.context = context;
        context.setTaskData("data", "kept");
    }

    /** `question` may have a parameter after a blank. */
    String to(String question, Tuple tuple) {
        String[] words = question.split(" ", 2);
        switch (words[0]) {
            case "config":
                Object value = config.get(words[1]);
                return value == null ? "none" : value + " " + value.getClass().getSimpleName();
            case "context":
                return context();
            case "data":
                context.setTaskData("gone", null);
                return context.getTaskData("data") + " " + context.getTaskData("gone");
            case "loader":
                return loader();
            case "pool":
                return pool();
            case "grow":
                tuple.getValues().add("more");
                return String.valueOf(tuple.getValues());
            case "class":
                return className(words[1]);
            case "print":
                System.out.println("printed by the bolt: \u00e4");
                System.err.println("complained by the bolt");
                java.util.logging.Logger.getLogger("probe").warning("logged by the bolt: {0} '");
                System.out.print("without an end");
                return "printed";
            case "chatter":
                for (int line = 0; line < 3000; line++) {
                    System.out.println("x".repeat(1000));
                }
                return "done";
            case "wait":
                return waitFor(words[1]);
            default:
                return describe(tuple);
        }
    }

    @SuppressWarnings("deprecation") // The source's id of the stream: topologies may still ask for it.
    private static String describe(Tuple tuple) {
        return tuple.getSourceComponent() + " " + tuple.getSourceStreamId() + " " + tuple.getSourceTask() + " "
                + tuple.getFields().toList() + " " + tuple.getValues() + " " + tuple.size() + " "
                + tuple.contains("number") + " " + tuple.fieldIndex("number") + " "
                + tuple.select(new Fields("number")) + " " + tuple.getSourceGlobalStreamId().getId();
    }

    private String context() {
        Map<String, Object> sources = new TreeMap<>();
        context.getThisSources().forEach((stream, grouping) ->
                sources.put(stream.getComponentName() + "/" + stream.getId(), grouping));
        return String.join("; ",
                context.getTopologyId(),
                context.getThisComponentId() + " " + context.getThisTaskId() + " " + context.getThisTaskIndex(),
                "tasks " + context.getComponentTasks("grouped") + context.getComponentTasks("nobody"),
                "component " + context.getComponentId(1) + " " + context.getComponentId(99),
                "all " + new TreeMap<>(context.getTaskToComponent()),
                "streams " + context.getThisStreams().size() + context.getComponentStreams("samples"),
                "fields " + context.getThisOutputFields("events").toList()
                        + context.getComponentOutputFields("numbers", "default").toList(),
                "sources " + sources,
                "targets " + new TreeMap<>(context.getTargets("numbers").get("default")) + context.getThisTargets());
    }

    private static String waitFor(String file) {
        System.out.println("waiting");
        while (!Files.exists(Path.of(file))) {
            Utils.sleep(10);
        }
        return "waited";
    }

    private String loader() {
        ClassLoader own = getClass().getClassLoader();
        return (Thread.currentThread().getContextClassLoader() == own) + " " + own.getParent().getName() + " "
                + (own.getResource("probe/Answers.class") != null);
    }

    /** The context class loader of a thread of Java's common pool. */
    private static String pool() {
        ClassLoader loader = ForkJoinPool.commonPool()
                .submit(() -> Thread.currentThread().getContextClassLoader()).join();
        return String.valueOf(loader == Answers.class.getClassLoader());
    }

    /** Where the class of that name comes from, as this code sees it. */
    private static String className(String name) {
        try {
            Class<?> type = Class.forName(name);
            return String.valueOf(type.getMethod("origin").invoke(null));
        } catch (ClassNotFoundException missing) {
            return "not there";
        } catch (ReflectiveOperationException error) {
            return "another: " + error;
        }
    }
}
