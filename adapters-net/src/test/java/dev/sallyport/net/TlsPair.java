package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.domain.session.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Both ends of a loopback connection, and of the handshake over it. */
final class TlsPair implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(30);

  final TlsUpgrade upgrade = new TlsUpgrade();
  final TlsIdentity caller = identity();
  final TlsIdentity service = identity();
  final SocketConnection callerSocket;
  final SocketConnection serviceSocket;

  TlsPair() throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      callerSocket = new SocketConnection(SocketChannel.open(listener.getLocalAddress()));
      serviceSocket = new SocketConnection(listener.accept());
    }
  }

  static TlsIdentity identity() {
    try {
      return TlsWarmUp.throwAway();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The two ends of a finished handshake. */
  record Ends(SecureChannel caller, SecureChannel service) implements AutoCloseable {
    @Override
    public void close() {
      caller.close();
      service.close();
    }
  }

  Ends secured() throws Exception {
    CompletableFuture<SecureChannel> accepting = accepting(LONG);
    SecureChannel dialed = upgrade.dial(callerSocket, caller, service.key(), LONG);
    return new Ends(dialed, get(accepting));
  }

  CompletableFuture<SecureChannel> accepting(Duration timeout) {
    return inBackground(() -> upgrade.accept(serviceSocket, service, timeout));
  }

  static <T> CompletableFuture<T> inBackground(Callable<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  /** Its value, or what it threw. */
  static <T> T get(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(Exception.class);
      throw (Exception) e.getCause();
    }
  }

  @Override
  public void close() {
    callerSocket.close();
    serviceSocket.close();
  }
}
