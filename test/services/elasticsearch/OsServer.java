import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node in this JVM, from Maven Central jars, for tests only.
 * args: MODULES_DIR (not used: its one module is on the class path) HOME_DIR PORT [setting=value ...]
 * Ends on SIGTERM, and with EXIT_ON_STDIN_EOF=1 also when its standard input closes (its parent died).
 */
public class OsServer {
    /** The constructor that takes plugins from the class path is for subclasses. */
    private static final class EmbeddedNode extends Node {
        EmbeddedNode(Environment environment) {
            super(environment, List.of(Netty4Plugin.class), false);
        }
    }

    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[1]).toAbsolutePath();
        for (String d : List.of("config", "plugins", "modules", "data", "logs")) Files.createDirectories(home.resolve(d));
        Settings.Builder b = Settings.builder()
            .put("path.home", home.toString())
            .put("cluster.name", "os-test")
            .put("node.name", "os-test-0")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")          // http and transport: loopback only
            .put("http.port", args[2])
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .put("transport.port", "0")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .put("action.destructive_requires_name", false);
        for (int i = 3; i < args.length; i++) {
            int e = args[i].indexOf('=');
            b.put(args[i].substring(0, e), args[i].substring(e + 1));
        }
        Settings s = b.build();
        LogConfigurator.setNodeName("os-test-0");
        LogConfigurator.configureWithoutConfig(s);
        Environment env = InternalSettingsPreparer.prepareEnvironment(s, Map.of(), home.resolve("config"), () -> "os-test-0");
        Node node = new EmbeddedNode(env);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try { node.close(); } catch (Throwable t) { t.printStackTrace(); }
        }));
        try {
            node.start();
        } catch (Throwable t) {                        // threads of the node would keep this JVM
            t.printStackTrace();
            System.exit(1);
        }
        System.out.println("STARTED pid=" + ProcessHandle.current().pid() + " http=127.0.0.1:" + args[2]);
        if ("1".equals(System.getenv("EXIT_ON_STDIN_EOF"))) {
            while (System.in.read() >= 0) { }
            System.exit(0);
        }
        Thread.currentThread().join();
    }
}
