package probe;

import java.util.Map;

/** What a test has put into the configuration, always text. */
final class Options {
    private final Map<String, Object> config;

    Options(Map<String, Object> config) {
        this.config = config;
    }

    int number(String key, int otherwise) {
        Object value = config.get(key);
        return value == null ? otherwise : Integer.parseInt(value.toString());
    }

    boolean has(String key) {
        return config.containsKey(key);
    }

    /** Throws if the test wants this method to. */
    void failIn(String method) {
        if (method.equals(config.get("fail.in"))) {
            throw new IllegalStateException("boom in " + method);
        }
    }
}
