package org.apache.heron.instance.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.heron.instance.InstanceError;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** heron_internals.yaml and override.yaml: flat maps, of which the second one counts. */
final class SettingsFiles {
    private static final long MAXIMUM_BYTES = 1 << 20;

    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();

    private SettingsFiles() {}

    static SettingsFiles load(String systemFile, String overrideFile) {
        SettingsFiles files = new SettingsFiles();
        files.add(systemFile);
        if (!overrideFile.isEmpty()) {
            files.add(overrideFile);
        }
        return files;
    }

    String text(String key, String otherwise) {
        Object value = values.get(key);
        return value == null ? otherwise : value.toString();
    }

    int positive(String key, int otherwise) {
        Object value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.toString());
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // Reported below, as one that is not positive.
        }
        throw new InstanceError(
                origins.get(key) + ": " + key + " must be a positive whole number, not '" + value + "'");
    }

    private void add(String file) {
        for (Map.Entry<?, ?> entry : read(file).entrySet()) {
            String key = String.valueOf(entry.getKey());
            values.put(key, entry.getValue());
            origins.put(key, file);
        }
    }

    private static Map<?, ?> read(String file) {
        try {
            Path path = Path.of(file);
            if (Files.size(path) > MAXIMUM_BYTES) {
                throw new InstanceError("configuration file " + file + " is larger than " + MAXIMUM_BYTES + " bytes");
            }
            String text = Files.readString(path, StandardCharsets.UTF_8);
            Object content = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            if (content == null) {
                return Map.of();
            }
            if (content instanceof Map) {
                return (Map<?, ?>) content;
            }
            throw new InstanceError("configuration file " + file + " is not a map of keys to values");
        } catch (IOException error) {
            throw new InstanceError("cannot read configuration file " + file + ": " + error);
        } catch (YAMLException error) {
            throw new InstanceError("configuration file " + file + ": " + error.getMessage().replaceAll("\\s+", " "));
        }
    }
}
