package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks and limits that this process does not have: in child processes and namespaces. */
class ChildProcessTest {
  private static final String NEIGHBOUR =
      """
      mount -t tmpfs none /run
      ip netns add far
      ip link set lo up
      ip link add eth0 type veth peer name eth1 netns far
      ip addr add 198.18.0.1/24 dev eth0
      ip link set eth0 up
      ip -n far addr add 198.18.0.2/24 dev eth1
      ip -n far link set eth1 up
      """;

  @TempDir Path folder;

  @Test
  void withoutIpv6_ipv4WorksAsEver_andIpv6HasNoRoute() throws Exception {
    assertThat(child(List.of("-Djava.net.preferIPv4Stack=true"), "pair"))
        .containsExactly("true true", "NO_ROUTE");
  }

  @Test
  void kernelWithoutIpv6Addresses_doesToo() throws Exception {
    assertThat(
            inNamespace(
                """
                sysctl -qw net.ipv6.conf.all.disable_ipv6=1
                ip link set lo up
                %s pair
                """))
        .containsExactly("true true", "NO_ROUTE");
  }

  @Test
  void outOfFiles_dialsFail_acceptingWaitsWithoutSpinning_andGoesOn() throws Exception {
    String script = "ulimit -n 200; exec " + command(List.of("-XX:-MaxFDLimit")) + " exhaust";
    assertThat(run("sh", "-c", script)).containsExactly("full", "NO_RESOURCES", "idle", "accepted");
  }

  @Test
  void icmpErrors_areUnreachable_andMissingRoutesAreNoRoute() throws Exception {
    assertThat(
            inNamespace(
                NEIGHBOUR
                    + """
                    ip netns exec far nft -f - <<END
                    table ip t {
                      chain input {
                        type filter hook input priority 0;
                        tcp dport 1 reject with icmp type host-unreachable
                        tcp dport 2 reject with icmp type net-unreachable
                        tcp dport 3 reject with icmp type admin-prohibited
                        tcp dport 4 reject with icmp type prot-unreachable
                        tcp dport 5 reject with icmp type port-unreachable
                        tcp dport 6 reject with tcp reset
                      }
                    }
                    END
                    ip route add unreachable 203.0.113.1
                    ip route add prohibit 203.0.113.2
                    ip route add blackhole 203.0.113.3
                    %s dial 198.18.0.2:1 198.18.0.2:2 198.18.0.2:3 198.18.0.2:4 198.18.0.2:5 \
                        198.18.0.2:6 198.18.0.77:9 203.0.113.1:9 203.0.113.2:9 203.0.113.3:9 \
                        203.0.113.4:9 [2001:db8::1]:9
                    """))
        .containsExactly(
            "198.18.0.2:1 UNREACHABLE",
            "198.18.0.2:2 UNREACHABLE",
            "198.18.0.2:3 UNREACHABLE",
            "198.18.0.2:4 UNREACHABLE",
            // connect(2) does not tell these two apart.
            "198.18.0.2:5 REFUSED",
            "198.18.0.2:6 REFUSED",
            "198.18.0.77:9 UNREACHABLE",
            "203.0.113.1:9 NO_ROUTE",
            "203.0.113.2:9 NO_ROUTE",
            "203.0.113.3:9 NO_ROUTE",
            "203.0.113.4:9 NO_ROUTE",
            "[2001:db8::1]:9 NO_ROUTE");
  }

  @Test
  void addresses_defaultRouteFirst_thenIpv4_thenIpv6_andNoContainers() throws Exception {
    assertThat(
            inNamespace(
                NEIGHBOUR
                    + """
                    ip link add veth0 type veth peer name docker0
                    ip addr add 192.168.7.5/24 dev veth0
                    ip addr add 172.17.0.1/16 dev docker0
                    ip link add wan0 type veth peer name vmnet1
                    ip addr add 100.64.3.3/24 dev wan0
                    ip addr add 169.254.3.3/16 dev wan0
                    ip -6 addr add 2001:db8::5/64 dev wan0 nodad preferred_lft 0
                    ip -6 addr add 2001:db8::6/64 dev wan0 nodad
                    for i in veth0 docker0 wan0 vmnet1; do ip link set $i up; done
                    ip route add default via 192.168.7.1
                    %s addresses
                    """))
        .containsExactly(
            "192.168.7.5",
            "198.18.0.1",
            "100.64.3.3",
            "2001:db8:0:0:0:0:0:6",
            "2001:db8:0:0:0:0:0:5");
  }

  @Test
  void withoutAnyNetwork_thereAreNoAddresses() throws Exception {
    assertThat(inNamespace("ip link set lo up\n%s addresses\n")).isEmpty();
  }

  /** Runs a script as root in namespaces that vanish with it; {@code %s} is the child's command. */
  private List<String> inNamespace(String script) throws Exception {
    List<String> missing = new ArrayList<>();
    if (!"root".equals(System.getProperty("user.name"))) {
      missing.add("root");
    }
    for (String tool : new String[] {"unshare", "ip", "nft", "sysctl"}) {
      if (Stream.of("/sbin", "/usr/sbin", "/bin", "/usr/bin")
          .noneMatch(directory -> new File(directory, tool).canExecute())) {
        missing.add(tool);
      }
    }
    if (!missing.isEmpty()) {
      String message = "no network namespace for this test: missing " + missing;
      assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
      System.err.println("SKIPPED: " + message);
      Assumptions.abort(message);
    }
    Path file = folder.resolve("script");
    Files.writeString(file, "set -e\n" + script.formatted(command(List.of())));
    return run(
        "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", file.toString());
  }

  private List<String> child(List<String> options, String mode) throws Exception {
    return run("sh", "-c", command(options) + " " + mode);
  }

  private static String command(List<String> options) {
    return System.getProperty("java.home")
        + "/bin/java -XX:TieredStopAtLevel=1 "
        + String.join(" ", options)
        + " -cp "
        + System.getProperty("java.class.path")
        + " "
        + Child.class.getName();
  }

  private List<String> run(String... command) throws Exception {
    Path out = folder.resolve("out");
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    boolean ended = process.waitFor(50, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
    String complaint = Files.readString(errors, StandardCharsets.UTF_8);
    assertThat(ended).as("in time; printed %s and %s", lines, complaint).isTrue();
    assertThat(process.exitValue()).as("printed %s and %s", lines, complaint).isZero();
    return lines;
  }
}
