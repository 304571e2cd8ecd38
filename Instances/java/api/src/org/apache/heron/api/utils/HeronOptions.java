package org.apache.heron.api.utils;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The options that {@code heron submit} hands to a topology's program in the environment: {@code key=value} pairs
 * joined by commas, then every space replaced by {@code %%%%}. Not for authors of topologies.
 */
public final class HeronOptions {
    /** The environment's variable. */
    public static final String VARIABLE = "HERON_OPTIONS";

    /** Keys are dotted, which tells a comma within a value (a file's name) from one between options. */
    private static final Pattern OPTION = Pattern.compile("\\w+(\\.\\w+)+=.*", Pattern.DOTALL);

    private HeronOptions() {
    }

    /** The options by their keys; none for null. Text that belongs to no option is left out, as are empty values. */
    public static Map<String, String> parse(String variable) {
        Map<String, String> options = new LinkedHashMap<>();
        if (variable == null) {
            return options;
        }
        String key = null;
        for (String piece : variable.replace("%%%%", " ").split(",", -1)) {
            if (OPTION.matcher(piece).matches()) {
                int end = piece.indexOf('=');
                key = piece.substring(0, end);
                options.put(key, piece.substring(end + 1));
            } else if (key != null) {
                options.merge(key, piece, (value, rest) -> value + "," + rest);
            }
        }
        options.values().removeIf(String::isEmpty);
        return options;
    }
}
