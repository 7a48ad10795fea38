import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.List;

/** Serves an empty database on a free port, prints the port, and ends when its standard input does. */
public class MongoServerLauncher {
  public static void main(String[] args) throws Exception {
    H2Backend backend = H2Backend.inMemory();
    backend.version(new LeastVersionOfTheDriver());
    MongoServer server = new MongoServer(backend);
    System.out.println(server.bind().getPort());
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
