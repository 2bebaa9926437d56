package com.example.rendezvous;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.harness.rendezvous.RendezvousBackend;
import dev.sallyport.harness.rendezvous.RendezvousContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** The example keeps every promise of the port. */
class BoardContractTest extends RendezvousContract {
  @Override
  protected RendezvousBackend newBackend() throws IOException {
    return new BoardBackend();
  }

  /** A board whose place a silent server or nobody can take. */
  private static final class BoardBackend implements RendezvousBackend {
    private final InetSocketAddress at;
    private @Nullable AutoCloseable listening;

    BoardBackend() throws IOException {
      Board board = new Board(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      at = new InetSocketAddress(InetAddress.getLoopbackAddress(), board.port());
      listening = board;
    }

    @Override
    public Rendezvous newClient() {
      return BoardRendezvous.at("http://127.0.0.1:" + at.getPort());
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
}
