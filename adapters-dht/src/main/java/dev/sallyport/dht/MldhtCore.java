package dev.sallyport.dht;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.concurrent.ScheduledExecutorService;
import lbms.plugins.mldht.DHTConfiguration;
import lbms.plugins.mldht.kad.DHT;
import lbms.plugins.mldht.kad.DHTConstants;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.Node;
import lbms.plugins.mldht.kad.RPCCall;
import lbms.plugins.mldht.kad.RPCServer;
import lbms.plugins.mldht.kad.RPCServerManager;
import lbms.plugins.mldht.kad.RPCStats;
import lbms.plugins.mldht.kad.messages.AbstractLookupRequest;
import lbms.plugins.mldht.kad.messages.AnnounceRequest;
import lbms.plugins.mldht.kad.messages.ErrorMessage;
import lbms.plugins.mldht.kad.messages.GetPeersRequest;
import lbms.plugins.mldht.kad.messages.GetRequest;
import lbms.plugins.mldht.kad.messages.MessageBase;
import lbms.plugins.mldht.kad.messages.PingRequest;
import lbms.plugins.mldht.kad.messages.PutRequest;
import lbms.plugins.mldht.kad.messages.SampleRequest;
import lbms.plugins.mldht.kad.tasks.TaskManager;
import lbms.plugins.mldht.utils.NIOConnectionManager;

/**
 * mldht's {@code DHT} as no more than what its RPC layer hangs on: it is never started, so that no
 * maintenance runs, no interface is chosen, no file is written and no router's name is looked up.
 * Incoming queries go to {@link QueryAnswers}.
 */
final class MldhtCore extends DHT {
  /**
   * What our messages carry as version (BEP 5), besides mldht's "ml". Our own nodes know each other
   * by it, and in a private network take more questions a second than others do.
   */
  private static final int VERSION = 'S' << 8 | 'P';

  static {
    MldhtLog.install();
    DHTConstants.setVersion(VERSION);
  }

  private final Loop packets;
  private final QueryAnswers answers;
  private final Node identity;
  private final TaskManager noTasks;
  private final RPCServerManager manager;

  /**
   * @param root where the node's id is derived from: see {@link #idOf}
   * @throws IOException if there is no network interface at all
   */
  MldhtCore(Key root, Loop packets, QueryAnswers answers) throws IOException {
    super(DHTtype.IPV4_DHT);
    // mldht prints a stack trace for it.
    if (!NetworkInterface.getNetworkInterfaces().hasMoreElements()) {
      throw new SocketException("no network interface is up");
    }
    this.packets = packets;
    this.answers = answers;
    MldhtInternals.configure(this, new NoInterfaces());
    identity = new Identity(this, root);
    noTasks = new TaskManager(this);
    manager = new RPCServerManager(this);
  }

  /** The id that mldht gives to the one node of a core. */
  static Key idOf(Key root) {
    return root.getDerivedKey(0);
  }

  /** Whether a node says that it is one of ours. */
  static boolean isOurVersion(MessageBase message) {
    return message
        .getVersion()
        .filter(
            version ->
                version.length == 4
                    && version[0] == 'm'
                    && version[1] == 'l'
                    && version[2] == 'S'
                    && version[3] == 'P')
        .isPresent();
  }

  /**
   * Opens a UDP socket and starts to answer on it.
   *
   * @param port 0 for any free one
   * @throws IOException if the address is not ours or the port is taken, in one sentence
   */
  RPCServer open(InetAddress bind, int port, Throttle incoming, Throttle outgoing)
      throws IOException {
    // mldht binds with SO_REUSEADDR, which hides a taken port, and prints a stack trace when it
    // fails. A plain bind first finds a free port or fails; it holds the port until mldht has it.
    try (DatagramChannel probe = DatagramChannel.open(StandardProtocolFamily.INET)) {
      probe.bind(new InetSocketAddress(bind, port));
      probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      int actual = ((InetSocketAddress) probe.getLocalAddress()).getPort();
      RPCServer server = new RPCServer(manager, bind, actual, new Stats());
      MldhtInternals.throttle(server, incoming, outgoing);
      server.start();
      return server;
    } catch (BindException e) {
      throw new BindException(
          "UDP port "
              + port
              + " on "
              + bind.getHostAddress()
              + " cannot be used ("
              + e.getMessage()
              + "); expected a free port on an address of this computer, for example port 0");
    }
  }

  @Override
  public ScheduledExecutorService getScheduler() {
    return packets;
  }

  @Override
  public NIOConnectionManager getConnectionManager() {
    return DhtThreads.SELECTOR;
  }

  @Override
  public Node getNode() {
    return identity;
  }

  @Override
  public TaskManager getTaskManager() {
    return noTasks;
  }

  @Override
  public void ping(PingRequest query) {
    answers.ping(query);
  }

  @Override
  public void findNode(AbstractLookupRequest query) {
    answers.findNode(query);
  }

  @Override
  public void getPeers(GetPeersRequest query) {
    answers.getPeers(query);
  }

  @Override
  public void get(GetRequest query) {
    answers.get(query);
  }

  @Override
  public void put(PutRequest query) {
    answers.put(query);
  }

  @Override
  public void sample(SampleRequest query) {
    answers.findNode(query);
  }

  @Override
  public void announce(AnnounceRequest query) {
    answers.announce(query);
  }

  @Override
  public void response(MessageBase answer) {
    Rpc.arrived(answer);
  }

  @Override
  public void error(ErrorMessage error) {
    Rpc.arrived(error);
  }

  @Override
  public void timeout(RPCCall call) {}

  /** mldht's node without its table: where an RPC server gets its id from. */
  private static final class Identity extends Node {
    private final Key root;

    Identity(DHT dht, Key root) {
      super(dht);
      this.root = root;
    }

    @Override
    public Key getRootID() {
      return root;
    }
  }

  private static final class Stats extends RPCStats {}

  /** Asked once, by the manager's constructor. */
  private static final class NoInterfaces implements DHTConfiguration {
    @Override
    public boolean isPersistingID() {
      return false;
    }

    @Override
    public Path getStoragePath() {
      throw new UnsupportedOperationException("nothing of mldht's is stored");
    }

    @Override
    public int getListeningPort() {
      return 0;
    }

    @Override
    public boolean noRouterBootstrap() {
      return true;
    }

    @Override
    public boolean allowMultiHoming() {
      return false;
    }
  }
}
