package dev.sallyport.harness.topology;

import dev.sallyport.harness.linux.Tools;
import dev.sallyport.harness.scenario.DhtSoftware;
import dev.sallyport.harness.scenario.Scenario;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a machine must have for a scenario to be played in namespaces. */
public final class Needs {
  private static final List<Tools.Tool> COTURN = List.of(new Tools.Tool("turnserver", "coturn"));

  private static final List<Tools.Tool> LIBTORRENT =
      List.of(
          new Tools.Tool(
              "libtorrent for " + Tools.DEBIAN_PYTHON,
              "python3-libtorrent",
              List.of(Tools.DEBIAN_PYTHON, "-c", "import libtorrent")));

  private Needs() {}

  /**
   * What is missing here and how to get it, in one sentence; null if nothing is.
   *
   * @param own what the fabric needs besides
   */
  public static @Nullable String missing(Scenario scenario, List<Tools.Tool> own) {
    List<Tools.Tool> tools = Tools.and(Tools.BASE, own);
    if (scenario.stun()) {
      tools = Tools.and(tools, COTURN);
    }
    if (scenario.dht() == DhtSoftware.LIBTORRENT) {
      tools = Tools.and(tools, LIBTORRENT);
    }
    String absent = Tools.missing(tools);
    return absent == null && scenario.hasIpv6() ? Tools.missingIpv6() : absent;
  }
}
