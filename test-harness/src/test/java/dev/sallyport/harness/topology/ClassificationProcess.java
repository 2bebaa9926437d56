package dev.sallyport.harness.topology;

import dev.sallyport.app.Sallyport;
import dev.sallyport.app.runner.NatRunner;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import dev.sallyport.harness.scenario.NatKind;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds out which NAT it is behind, in a process of its own, and says where it was wrong: a line
 * that starts with {@value #WRONG} for each field, and at last one that starts with {@value #END}.
 */
final class ClassificationProcess {
  static final String WRONG = "WRONG ";
  static final String END = "END ";

  private ClassificationProcess() {}

  /**
   * @param args a folder, the kind, "right" or "honest", the depth, the outer addresses, STUN
   *     servers, DHT nodes: lists with commas, "-" for none
   */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    NatKind kind = NatKind.valueOf(args[1]);
    List<InetAddress> outer =
        list(args[4]).map(text -> Objects.requireNonNull(IpLiteral.parse(text))).toList();
    List<HostPort> bootstrap = list(args[6]).map(HostPort::parse).toList();
    List<String> rendezvous =
        bootstrap.isEmpty() ? List.of("file:" + folder.resolve("meet")) : List.of("dht:");
    NetworkOptions options =
        new NetworkOptions(
            rendezvous, bootstrap, list(args[5]).map(HostPort::parse).toList(), false, folder);
    try (Sallyport sallyport = Sallyport.open(options);
        NatRunner runner =
            new NatRunner(
                sallyport.ports(),
                new NatRunner.Settings(
                    Depth.valueOf(args[3]), Duration.ofSeconds(20), NatRunner.PUNCH_PORTS),
                news -> {})) {
      NatRunner.Result result = runner.run();
      ClassificationVerdict verdict = new ClassificationVerdict(kind, result, outer);
      List<String> wrong =
          args[2].equals("right") ? verdict.notRight() : verdict.confidentlyWrong();
      wrong.forEach(field -> System.out.println(WRONG + field));
      if (!wrong.isEmpty()) {
        result.evidence().forEach(piece -> System.out.println("  " + piece));
      }
      result.sources().forEach(source -> System.out.println("  " + source));
      System.out.println("  " + result.diagnosis() + ", hairpin " + result.hairpin());
      System.out.println(END + result.took().toMillis() + " ms");
    }
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static Stream<String> list(String text) {
    return text.equals("-") ? Stream.of() : Arrays.stream(text.split(","));
  }
}
