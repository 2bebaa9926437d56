package com.example.rendezvous;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.harness.rendezvous.RendezvousBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A board whose place a silent server or nobody can take. */
final class BoardBackend implements RendezvousBackend {
  private final Function<String, Rendezvous> clients;
  private final InetSocketAddress at;
  private @Nullable AutoCloseable listening;

  /**
   * @param clients makes one, from the board's address
   */
  BoardBackend(Function<String, Rendezvous> clients) throws IOException {
    this.clients = clients;
    Board board = new Board(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    at = new InetSocketAddress(InetAddress.getLoopbackAddress(), board.port());
    listening = board;
  }

  @Override
  public Rendezvous newClient() {
    return clients.apply("http://127.0.0.1:" + at.getPort());
  }

  @Override
  public boolean hang() throws Exception {
    fail();
    // Connections are taken by the kernel, and nobody reads from them.
    listening = new ServerSocket(at.getPort(), 0, at.getAddress());
    return true;
  }

  @Override
  public boolean fail() throws Exception {
    if (listening != null) {
      listening.close();
      listening = null;
    }
    return true;
  }

  @Override
  public boolean heal() throws IOException {
    listening = new Board(at);
    return true;
  }

  @Override
  public void close() throws IOException {
    try {
      var unused = fail();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
