package probe;

import java.io.Serializable;

/** A timer event. */
final class Heartbeat implements Runnable, Serializable {
    private static final long serialVersionUID = 1L;

    private int beats;

    @Override
    public void run() {
        if (++beats <= 2) {
            System.out.println("heartbeat " + beats + " on " + Thread.currentThread().getName());
        }
    }
}
