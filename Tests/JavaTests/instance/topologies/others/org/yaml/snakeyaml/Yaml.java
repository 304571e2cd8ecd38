package org.yaml.snakeyaml;

/** The topology's class of a name that the instance uses, too. */
public final class Yaml {
    private Yaml() {}

    public static String origin() {
        return "the topology's Yaml";
    }
}
