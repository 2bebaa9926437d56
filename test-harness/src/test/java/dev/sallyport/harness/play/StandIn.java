package dev.sallyport.harness.play;

import dev.sallyport.domain.address.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plays {@code sallyport} for tests of the lab itself: same commands, same events, same exit codes,
 * but a file for a rendezvous and a plain connect for a punch. Its first argument is the folder of
 * that file.
 */
final class StandIn {
  private static final String ID = "Id(" + "5a".repeat(20) + ")";
  private static final int PORT = 8765;

  private StandIn() {}

  /** The words that start it on this folder. */
  static List<String> words(Path folder) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("java.class.path"),
        StandIn.class.getName(),
        folder.toString());
  }

  public static void main(String[] args) throws Exception {
    Path record = Path.of(args[0], "record");
    List<String> options = Arrays.asList(args).subList(2, args.length);
    System.exit(
        switch (args[1]) {
          case "dht-node" -> dhtNode(options);
          case "id" -> say(ID);
          case "serve" -> serve(record, options);
          case "connect" -> connect(record, options);
          default -> 2;
        });
  }

  private static int say(String line) {
    System.out.println(line);
    return 0;
  }

  private static String option(List<String> options, String name, String otherwise) {
    int at = options.indexOf(name);
    return at < 0 ? otherwise : options.get(at + 1);
  }

  /** Tells everyone that it knows eight nodes. */
  private static int dhtNode(List<String> options) throws Exception {
    byte[] reply =
        ("d1:rd2:id20:aaaaaaaaaaaaaaaaaaaa5:nodes208:" + "n".repeat(208) + "e1:t2:aa1:y1:re")
            .getBytes(StandardCharsets.ISO_8859_1);
    int port = Integer.parseInt(option(options, "--port", ""));
    for (String address : option(options, "--bind", "").split(",")) {
      DatagramSocket socket =
          new DatagramSocket(new InetSocketAddress(Endpoint.parse(address + ":1").address(), port));
      Thread.ofPlatform().start(() -> answerAll(socket, reply));
    }
    Thread.currentThread().join();
    return 0;
  }

  private static void answerAll(DatagramSocket socket, byte[] reply) {
    DatagramPacket query = new DatagramPacket(new byte[1500], 1500);
    try {
      while (true) {
        socket.receive(query);
        socket.send(new DatagramPacket(reply, reply.length, query.getSocketAddress()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable InetAddress ownAddress() throws IOException {
    NetworkInterface network = NetworkInterface.getByName("eth0");
    return network == null
        ? null
        : network.inetAddresses().filter(a -> a.getAddress().length == 4).findFirst().orElse(null);
  }

  private static int serve(Path record, List<String> options) throws Exception {
    InetAddress own = ownAddress();
    if (own == null) {
      System.err.println("there is no network");
      return 7;
    }
    int port = Integer.parseInt(option(options, "--port", "" + PORT));
    try (ServerSocket listener = new ServerSocket(port)) {
      Path draft = Files.createTempFile(record.getParent(), "record", "");
      Files.writeString(draft, option(options, "--advertise", own.getHostAddress() + ":" + port));
      Files.move(draft, record, StandardCopyOption.ATOMIC_MOVE);
      System.out.println("{\"event\":\"registered\",\"id\":\"" + ID + "\"}");
      while (true) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> echo(socket));
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // The caller is gone.
    }
  }

  private static int connect(Path record, List<String> options) throws Exception {
    System.out.println("{\"event\":\"network\",\"external\":\"unknown\"}");
    if (ownAddress() == null) {
      System.out.println("{\"event\":\"failed\",\"code\":7,\"message\":\"there is no network\"}");
      return 7;
    }
    while (!Files.exists(record)) {
      Thread.sleep(20);
    }
    Endpoint service = Endpoint.parse(Files.readString(record));
    try (Socket socket = new Socket()) {
      long start = System.nanoTime();
      socket.connect(service.toSocketAddress(), 2000);
      System.out.printf(
          "{\"event\":\"connected\",\"rung\":\"direct\",\"local\":\"%s\",\"remote\":\"%s\","
              + "\"attempts\":1,\"elapsedMs\":%d}%n",
          socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort(),
          service,
          (System.nanoTime() - start) / 1_000_000);
      PrintStream out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8);
      out.println(option(options, "--message", ""));
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      System.out.println("{\"event\":\"message\",\"text\":\"" + line + "\"}");
      return 0;
    } catch (IOException e) {
      System.out.println("{\"event\":\"failed\",\"code\":5,\"message\":\"no rung got through\"}");
      return 5;
    }
  }
}
