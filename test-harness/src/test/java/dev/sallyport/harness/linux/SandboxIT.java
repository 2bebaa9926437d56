package dev.sallyport.harness.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.harness.LabNeeds;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sandboxes keep to themselves, and leave nothing behind, however they end. */
@ExtendWith(LabNeeds.class)
final class SandboxIT {

  /** A JVM that opens a sandbox, starts a process in it, says so, and stays. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      Sandbox sandbox = Sandbox.open();
      sandbox.script("ip netns add site; ip -n site link add one type veth peer name other");
      Guest guest = Sandbox.start(sandbox.command("site", List.of("sleep", "1000"), Map.of()));
      System.out.println(namespace(sandbox, null) + " " + namespace(sandbox, "site"));
      guest.exit().join();
    }
  }

  private static String namespace(Sandbox sandbox, @Nullable String name) throws Exception {
    Path self = Path.of("/proc/thread-self/ns/net");
    return sandbox.netns(name).call(() -> Files.readSymbolicLink(self).toString());
  }

  /** Whether any process of this machine is in this network namespace. */
  private static boolean isInhabited(String namespace) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .map(p -> p.resolve("ns/net"))
          .anyMatch(
              link -> {
                try {
                  return Files.readSymbolicLink(link).toString().equals(namespace);
                } catch (IOException e) {
                  return false;
                }
              });
    }
  }

  @Test
  void whenTheLabIsKilled_everythingInItIsGone() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = holder.inputReader(StandardCharsets.UTF_8)) {
      String[] namespaces = out.readLine().split(" ");
      List<ProcessHandle> family = holder.descendants().toList();
      assertThat(family).hasSizeGreaterThanOrEqualTo(4);
      for (String namespace : namespaces) {
        assertThat(isInhabited(namespace)).isTrue();
      }
      holder.destroyForcibly();
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> {
                assertThat(family).noneMatch(ProcessHandle::isAlive);
                for (String namespace : namespaces) {
                  assertThat(isInhabited(namespace)).isFalse();
                }
              });
    } finally {
      holder.destroyForcibly();
    }
    assertThat(Path.of("/run/netns/site")).doesNotExist();
  }

  @Test
  void twoSandboxes_useTheSameNamesAndAddresses_withoutMeeting() throws Exception {
    String script = "ip netns add site; ip -n site link set lo up";
    try (Sandbox one = Sandbox.open();
        Sandbox other = Sandbox.open()) {
      one.script(script);
      other.script(script);
      InetSocketAddress same = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000);
      try (DatagramSocket here = one.netns("site").call(() -> new DatagramSocket(same));
          DatagramSocket there = other.netns("site").call(() -> new DatagramSocket(same))) {
        assertThat(here.getLocalSocketAddress()).isEqualTo(there.getLocalSocketAddress());
        assertThatThrownBy(() -> one.netns("site").call(() -> new DatagramSocket(same)))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aClosedSandbox_hasNoProcessesLeft() throws Exception {
    Guest guest;
    String namespace;
    try (Sandbox sandbox = Sandbox.open()) {
      sandbox.script("ip netns add site");
      namespace = namespace(sandbox, "site");
      guest = Sandbox.start(sandbox.command("site", List.of("sleep", "1000"), Map.of()));
      await().until(() -> isInhabited(namespace));
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> !guest.isAlive() && !isInhabited(namespace));
  }

  @Test
  void aGuest_getsTheSignal_andItsExitCodeComesBack() throws Exception {
    try (Sandbox sandbox = Sandbox.open()) {
      List<String> command =
          List.of("bash", "-c", "trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done");
      Guest guest = Sandbox.start(sandbox.command(null, command, Map.of()));
      assertThat(guest.stdout().read()).isEqualTo('r');
      guest.stop(Duration.ofSeconds(5));
      assertThat(guest.exit().join()).isEqualTo(3);
    }
  }

  @Test
  void aScriptThatFails_saysWhy() throws Exception {
    try (Sandbox sandbox = Sandbox.open()) {
      assertThatThrownBy(() -> sandbox.script("ip netns add site; ip -n site link set nothing up"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nothing");
    }
  }
}
