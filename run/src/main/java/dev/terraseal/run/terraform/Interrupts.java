package dev.terraseal.run.terraform;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Signals that ask this process to end, handed to whoever listens instead of ending it: terraform must be allowed to
 * finish, and its end must be recorded. The platform's signal class is reached by reflection because the compiler
 * calls it internal; without it signals end the process as usual and the intent on disk says the rest.
 */
public final class Interrupts {
    private Consumer<String> listener = name -> {};
    private volatile boolean any;

    private Interrupts() {}

    /** Takes over INT, TERM and HUP for the life of the process. */
    public static Interrupts install() {
        Interrupts interrupts = new Interrupts();
        for (String name : List.of("INT", "TERM", "HUP")) {
            interrupts.take(name);
        }
        return interrupts;
    }

    /** Takes over nothing; for callers that are not a process of their own. */
    public static Interrupts none() {
        return new Interrupts();
    }

    private void take(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Interrupts.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            came(name);
                            return null;
                        }
                        return method.getName().equals("hashCode")
                                ? (Object) System.identityHashCode(self)
                                : method.getName().equals("equals") ? (Object) (self == arguments[0]) : "SIG" + name;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException notHere) {
            if (notHere instanceof InvocationTargetException target && target.getCause() instanceof Error error) {
                throw error;
            }
            // This platform has no such signal or keeps it to itself: it does what it always did.
        }
    }

    /** A signal came; the platform says so. */
    public synchronized void came(String name) {
        any = true;
        listener.accept(name);
    }

    /** Whether any came since the start. */
    public boolean any() {
        return any;
    }

    /**
     * One listener at a time, called on the platform's own thread.
     *
     * @return whether any came before, which the listener is not told of; every later one it is
     */
    public synchronized boolean listen(Consumer<String> next) {
        listener = next;
        return any;
    }

    /**
     * Whether an interrupt from the keyboard reached terraform too: the terminal sends it to the whole group in front.
     */
    static boolean keyboardReachesChildren() {
        try {
            Path stat = Path.of("/proc/self/stat");
            if (Files.isReadable(stat)) {
                String text = Files.readString(stat);
                // After the name: state, parent, process group, session, terminal, group in front of the terminal.
                List<String> fields =
                        List.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
                return fields.size() > 5
                        && !fields.get(4).equals("0")
                        && fields.get(2).equals(fields.get(5));
            }
            Process ps = new ProcessBuilder(
                            "ps",
                            "-o",
                            "pgid=,tpgid=",
                            "-p",
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] groups = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" +");
            return groups.length == 2 && groups[0].equals(groups[1]);
        } catch (IOException notKnown) {
            return false;
        }
    }
}
