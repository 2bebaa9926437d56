package dev.sallyport.harness.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The programs of others that a laboratory is built with, and what this machine lacks of them. */
public final class Tools {
  /** Where they are looked for, in this order, and what {@code PATH} is inside. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The Python that Debian's modules are for; another may stand before it in the path. */
  public static final String DEBIAN_PYTHON = "/usr/bin/python3";

  private Tools() {}

  /**
   * Something that has to be here, and the Debian package it comes in.
   *
   * @param name of the program, or what to call it
   * @param check a command that succeeds where it is; empty for a program in {@link #PATH}
   */
  public record Tool(String name, String debianPackage, List<String> check) {
    public Tool {
      check = List.copyOf(check);
    }

    public Tool(String program, String debianPackage) {
      this(program, debianPackage, List.of());
    }

    private boolean isHere() {
      return check.isEmpty() ? find(name) != null : succeeds(check);
    }
  }

  /** What every laboratory needs besides root. */
  public static final List<Tool> BASE =
      List.of(
          new Tool("unshare", "util-linux"),
          new Tool("nsenter", "util-linux"),
          new Tool("setsid", "util-linux"),
          new Tool("ip", "iproute2"));

  /**
   * Why a laboratory cannot be built here, one sentence: what is missing and how to get it. Null if
   * it can.
   */
  public static @Nullable String missing(List<Tool> tools) {
    if (!isRoot()) {
      return "The lab makes network namespaces and NAT rules, which only root may do: run it with"
          + " sudo.";
    }
    List<Tool> absent = tools.stream().filter(tool -> !tool.isHere()).toList();
    if (!absent.isEmpty()) {
      return "The lab needs "
          + String.join(", ", absent.stream().map(Tool::name).toList())
          + ", not found in "
          + PATH
          + "; install with: apt-get install "
          + String.join(" ", absent.stream().map(Tool::debianPackage).distinct().toList());
    }
    if (!Files.exists(Path.of("/dev/net/tun"))) {
      return "The lab needs TUN devices, but there is no /dev/net/tun; load them with: modprobe tun";
    }
    return null;
  }

  /** Why there can be no IPv6 here, one sentence; null if there can. */
  public static @Nullable String missingIpv6() {
    return Files.exists(Path.of("/proc/net/if_inet6"))
        ? null
        : "The lab needs IPv6, which this kernel does not have or was started without.";
  }

  /** The tools of both lists. */
  public static List<Tool> and(List<Tool> some, List<Tool> others) {
    List<Tool> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException e) {
      // No /proc, no Linux: there is nothing to be root of.
      return false;
    }
  }

  private static boolean succeeds(List<String> command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static @Nullable Path find(String program) {
    for (String folder : PATH.split(":")) {
      Path candidate = Path.of(folder, program);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
