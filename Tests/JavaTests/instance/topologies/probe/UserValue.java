package probe;

import java.io.Serializable;
import java.util.Objects;

/** A class of the topology's own. */
public final class UserValue implements Serializable {
    private static final long serialVersionUID = 7L;

    private final String name;
    private final int number;

    public UserValue(String name, int number) {
        this.name = name;
        this.number = number;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UserValue && ((UserValue) other).name.equals(name)
                && ((UserValue) other).number == number;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, number);
    }

    @Override
    public String toString() {
        return name + "=" + number;
    }
}
