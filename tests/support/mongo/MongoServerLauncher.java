import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.List;

/**
 * Serves an empty database in memory on a free port or, with a file and a port as arguments, that of the file on that
 * port. Prints the port, and ends when its standard input does.
 */
public class MongoServerLauncher {
  public static void main(String[] args) throws Exception {
    H2Backend backend = args.length == 0 ? H2Backend.inMemory() : new H2Backend(args[0]);
    backend.version(new LeastVersionOfTheDriver());
    MongoServer server = new MongoServer(backend);
    if (args.length == 0) server.bind();
    else server.bind("127.0.0.1", Integer.parseInt(args[1]));
    System.out.println(server.getLocalAddress().getPort());
    while (System.in.read() != -1) continue;
    server.shutdownNow();
    System.exit(0);
  }

  /** What the driver asks for at least; the server's own versions tell a wire version that it refuses. */
  static class LeastVersionOfTheDriver implements MongoVersion {
    public List<Integer> getVersionArray() {
      return List.of(4, 4, 0);
    }

    public int getWireVersion() {
      return 9;
    }
  }
}
