package dev.sallyport.harness.agreement;

import static dev.sallyport.harness.agreement.Program.BOTH_IN_VAIN_THEN_TOGETHER;
import static dev.sallyport.harness.agreement.Program.FORWARDED;
import static dev.sallyport.harness.agreement.Program.IN_VAIN_THEN_CALLED;
import static dev.sallyport.harness.agreement.Program.IN_VAIN_THEN_TOGETHER;
import static dev.sallyport.harness.agreement.Program.MAPPING;
import static dev.sallyport.harness.agreement.Program.NEIGHBOUR_BY_OUTER_ENDPOINT;
import static dev.sallyport.harness.agreement.Program.NEIGHBOUR_SEEN_AS;
import static dev.sallyport.harness.agreement.Program.NEVER_SENT;
import static dev.sallyport.harness.agreement.Program.NO_WAY_TWICE;
import static dev.sallyport.harness.agreement.Program.PRIVATE_ADDRESS;
import static dev.sallyport.harness.agreement.Program.REFUSED_THEN_AGAIN;
import static dev.sallyport.harness.agreement.Program.REFUSED_THEN_CALLED;
import static dev.sallyport.harness.agreement.Program.REFUSED_THEN_TOGETHER;
import static dev.sallyport.harness.agreement.Program.RESET_THEN_AGAIN;
import static dev.sallyport.harness.agreement.Program.RESET_THEN_CALLED;
import static dev.sallyport.harness.agreement.Program.SAME_PORT_OF_TWO_HOSTS;
import static dev.sallyport.harness.agreement.Program.SAME_PORT_TO_OTHERS;
import static dev.sallyport.harness.agreement.Program.TOGETHER;
import static dev.sallyport.harness.agreement.Program.TOGETHER_WITH_AN_OPEN_HOST;
import static dev.sallyport.harness.agreement.Program.WHO_MAY_ENTER;
import static dev.sallyport.harness.scenario.NatKind.ADDRESS_RESTRICTED;
import static dev.sallyport.harness.scenario.NatKind.CGN_BLOCK_ARBITRARY;
import static dev.sallyport.harness.scenario.NatKind.CGN_BLOCK_PAIRED;
import static dev.sallyport.harness.scenario.NatKind.EIM_RANDOM;
import static dev.sallyport.harness.scenario.NatKind.FIREWALL;
import static dev.sallyport.harness.scenario.NatKind.FULL_CONE;
import static dev.sallyport.harness.scenario.NatKind.KASPERSKY;
import static dev.sallyport.harness.scenario.NatKind.NONE;
import static dev.sallyport.harness.scenario.NatKind.NO_SIMULTANEOUS_OPEN;
import static dev.sallyport.harness.scenario.NatKind.PORT_OVERLOADING;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED_ICMP;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED_RST;
import static dev.sallyport.harness.scenario.NatKind.RFC5382;
import static dev.sallyport.harness.scenario.NatKind.SYMMETRIC;
import static dev.sallyport.harness.scenario.NatKind.SYMMETRIC_STEP_1;
import static dev.sallyport.harness.scenario.NatKind.SYMMETRIC_STEP_2;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.time.Duration;
import java.util.List;

/**
 * What every fabric must say of every scenario that it can play. There is no column for exceptions:
 * where the kernel was found to differ, the model was wrong, and has been corrected.
 */
final class Agreement {
  /** What the server's router forwards where it forwards something. */
  static final int FORWARDED_PORT = 9000;

  private static final int FIRST_PORT = 10_000;
  private static final int PORTS_PER_ROW = 10;

  /** From host to host: long enough for two SYNs to cross, short enough to be told from silence. */
  private static final int DELAY_MILLIS = 60;

  private Agreement() {}

  /**
   * One row of the table.
   *
   * @param answer what every fabric says that can play it
   */
  record Row(Scenario scenario, Program program, String answer) {

    /** The first of the ports that are its own, so that rows can share a network. */
    int firstPort() {
      return FIRST_PORT + PORTS_PER_ROW * ROWS.indexOf(this);
    }

    @Override
    public String toString() {
      return scenario + ": " + program;
    }
  }

  static final List<Row> ROWS =
      List.of(
          // Nothing in the way.
          row(NONE, MAPPING, "kept same same"),
          row(NONE, WHO_MAY_ENTER, "accepted accepted"),
          row(NONE, NEVER_SENT, "accepted"),
          row(NONE, TOGETHER_WITH_AN_OPEN_HOST, "accepted accepted"),
          row(NONE, REFUSED_THEN_AGAIN, "refused refused accepted"),
          row(NONE, NO_WAY_TWICE, "unreachable unreachable"),
          // One port for all, open to anyone.
          row(FULL_CONE, MAPPING, "kept same same"),
          row(FULL_CONE, WHO_MAY_ENTER, "accepted accepted"),
          row(FULL_CONE, NEVER_SENT, "silence"),
          row(FULL_CONE, REFUSED_THEN_CALLED, "refused accepted"),
          row(FULL_CONE, REFUSED_THEN_TOGETHER, "refused accepted accepted"),
          row(FULL_CONE, RESET_THEN_CALLED, "silence"),
          // To those it has sent to.
          row(ADDRESS_RESTRICTED, MAPPING, "kept same same"),
          row(ADDRESS_RESTRICTED, WHO_MAY_ENTER, "accepted silence"),
          row(ADDRESS_RESTRICTED, NEVER_SENT, "silence"),
          row(ADDRESS_RESTRICTED, TOGETHER_WITH_AN_OPEN_HOST, "accepted accepted"),
          row(ADDRESS_RESTRICTED, REFUSED_THEN_CALLED, "refused accepted"),
          row(ADDRESS_RESTRICTED, RESET_THEN_CALLED, "silence"),
          // To exactly those: Linux.
          row(PORT_RESTRICTED, MAPPING, "kept same same"),
          row(PORT_RESTRICTED, WHO_MAY_ENTER, "silence silence"),
          row(PORT_RESTRICTED, NEVER_SENT, "silence"),
          row(PORT_RESTRICTED, TOGETHER_WITH_AN_OPEN_HOST, "accepted accepted"),
          row(PORT_RESTRICTED, REFUSED_THEN_AGAIN, "refused refused accepted"),
          row(PORT_RESTRICTED, REFUSED_THEN_CALLED, "refused silence"),
          row(PORT_RESTRICTED, REFUSED_THEN_TOGETHER, "refused accepted accepted"),
          row(PORT_RESTRICTED, RESET_THEN_CALLED, "silence"),
          row(PORT_RESTRICTED, RESET_THEN_AGAIN, "accepted same"),
          row(PORT_RESTRICTED, NO_WAY_TWICE, "unreachable unreachable"),
          row(PORT_RESTRICTED, PRIVATE_ADDRESS, "accepted"),
          // The same with a reset for strangers: OpenWrt.
          row(PORT_RESTRICTED_RST, WHO_MAY_ENTER, "refused refused"),
          row(PORT_RESTRICTED_RST, NEVER_SENT, "refused"),
          row(PORT_RESTRICTED_RST, TOGETHER_WITH_AN_OPEN_HOST, "accepted accepted"),
          row(PORT_RESTRICTED_RST, REFUSED_THEN_CALLED, "refused refused"),
          row(PORT_RESTRICTED_RST, RESET_THEN_CALLED, "refused"),
          // A port for each connection.
          row(SYMMETRIC, MAPPING, "changed other other"),
          row(SYMMETRIC, WHO_MAY_ENTER, "silence silence"),
          row(SYMMETRIC, NEVER_SENT, "silence"),
          row(SYMMETRIC, TOGETHER_WITH_AN_OPEN_HOST, "refused silence"),
          row(SYMMETRIC, REFUSED_THEN_AGAIN, "refused refused accepted"),
          row(SYMMETRIC, RESET_THEN_AGAIN, "accepted other"),
          // Two NATs.
          row(PORT_RESTRICTED, PORT_RESTRICTED, TOGETHER, "accepted accepted"),
          row(PORT_RESTRICTED, PORT_RESTRICTED, PRIVATE_ADDRESS, "unreachable"),
          row(PORT_RESTRICTED, PORT_RESTRICTED, IN_VAIN_THEN_TOGETHER, "silence accepted accepted"),
          row(PORT_RESTRICTED, PORT_RESTRICTED, IN_VAIN_THEN_CALLED, "silence silence"),
          row(PORT_RESTRICTED, PORT_RESTRICTED, BOTH_IN_VAIN_THEN_TOGETHER, "silence silence"),
          row(KASPERSKY, KASPERSKY, BOTH_IN_VAIN_THEN_TOGETHER, "accepted accepted"),
          row(KASPERSKY, KASPERSKY, IN_VAIN_THEN_CALLED, "silence accepted"),
          row(PORT_RESTRICTED_RST, PORT_RESTRICTED_RST, TOGETHER, "accepted accepted"),
          row(
              PORT_RESTRICTED_RST,
              PORT_RESTRICTED_RST,
              IN_VAIN_THEN_TOGETHER,
              "refused accepted accepted"),
          row(PORT_RESTRICTED_RST, PORT_RESTRICTED_RST, IN_VAIN_THEN_CALLED, "refused refused"),
          row(FULL_CONE, FULL_CONE, TOGETHER, "accepted accepted"),
          row(FULL_CONE, SYMMETRIC, TOGETHER, "silence refused"),
          row(PORT_RESTRICTED, SYMMETRIC, TOGETHER, "silence silence"),
          row(SYMMETRIC, SYMMETRIC, TOGETHER, "silence silence"),
          // One network.
          row(shared(PORT_RESTRICTED), SAME_PORT_OF_TWO_HOSTS, "kept changed"),
          row(shared(PORT_RESTRICTED), SAME_PORT_TO_OTHERS, "kept kept"),
          row(shared(PORT_RESTRICTED), NEIGHBOUR_BY_OUTER_ENDPOINT, "silence"),
          row(shared(PORT_RESTRICTED), PRIVATE_ADDRESS, "accepted"),
          row(hairpin(PORT_RESTRICTED), NEIGHBOUR_BY_OUTER_ENDPOINT, "accepted"),
          row(hairpin(PORT_RESTRICTED), NEIGHBOUR_SEEN_AS, "accepted outside"),
          // A forwarded port.
          row(forwarding(PORT_RESTRICTED), FORWARDED, "accepted silence"),
          row(forwarding(SYMMETRIC), FORWARDED, "accepted silence"),
          // What the kernel's rules cannot be.
          row(PORT_RESTRICTED_ICMP, WHO_MAY_ENTER, "refused refused"),
          row(PORT_RESTRICTED_ICMP, PORT_RESTRICTED_ICMP, TOGETHER, "accepted accepted"),
          row(RFC5382, MAPPING, "kept same same"),
          row(RFC5382, WHO_MAY_ENTER, "accepted silence"),
          row(RFC5382, REFUSED_THEN_CALLED, "refused accepted"),
          row(EIM_RANDOM, MAPPING, "changed same same"),
          row(EIM_RANDOM, EIM_RANDOM, TOGETHER, "accepted accepted"),
          row(SYMMETRIC_STEP_1, MAPPING, "changed other other"),
          row(PORT_OVERLOADING, MAPPING, "kept same same"),
          row(shared(PORT_OVERLOADING), SAME_PORT_TO_OTHERS, "kept kept"),
          row(shared(RFC5382), SAME_PORT_TO_OTHERS, "kept changed"),
          row(NO_SIMULTANEOUS_OPEN, TOGETHER_WITH_AN_OPEN_HOST, "accepted accepted"),
          row(NO_SIMULTANEOUS_OPEN, NO_SIMULTANEOUS_OPEN, TOGETHER, "silence silence"),
          row(FIREWALL, WHO_MAY_ENTER, "silence silence"),
          row(FIREWALL, FIREWALL, TOGETHER, "accepted accepted"),
          row(CGN_BLOCK_PAIRED, MAPPING, "changed same same"),
          row(CGN_BLOCK_ARBITRARY, MAPPING, "changed other other"),
          row(below(PORT_RESTRICTED, CGN_BLOCK_PAIRED), MAPPING, "changed same same"),
          row(below(PORT_RESTRICTED, CGN_BLOCK_PAIRED), WHO_MAY_ENTER, "silence silence"),
          row(below(PORT_RESTRICTED, CGN_BLOCK_PAIRED), TOGETHER, "accepted accepted"));

  /** Whole calls. What each fabric has to see is what the scenario itself expects. */
  static final List<Scenario> CALLS =
      List.of(
          far(NONE, NONE).mustConnect(Rung.DIRECT, Rung.EXTERNAL),
          far(SYMMETRIC, NONE).mustConnect(Rung.DIRECT, Rung.EXTERNAL),
          far(FULL_CONE, FULL_CONE).mustConnect(Rung.EXTERNAL),
          far(PORT_RESTRICTED, PORT_RESTRICTED).mustConnect(Rung.EXTERNAL),
          far(PORT_RESTRICTED_RST, PORT_RESTRICTED_RST).over(path(1)).mustConnect(Rung.EXTERNAL),
          far(ADDRESS_RESTRICTED, SYMMETRIC).mustConnect(Rung.EXTERNAL),
          far(PORT_RESTRICTED, SYMMETRIC).mustConnect(Rung.EXTERNAL),
          far(SYMMETRIC_STEP_1, PORT_RESTRICTED).mustConnect(Rung.EXTERNAL, Rung.DIRECT),
          far(SYMMETRIC_STEP_1, SYMMETRIC_STEP_2).mustConnect(Rung.EXTERNAL, Rung.DIRECT),
          far(PORT_RESTRICTED, CGN_BLOCK_ARBITRARY).mustConnect(Rung.EXTERNAL),
          shared(PORT_RESTRICTED).mustConnect(Rung.LOCAL),
          far(SYMMETRIC, SYMMETRIC)
              .server(Site.behind(SYMMETRIC).forwarding(FORWARDED_PORT))
              .mustConnect(Rung.DIRECT, Rung.EXTERNAL),
          far(RFC5382, PORT_RESTRICTED_ICMP).mustConnect(Rung.EXTERNAL),
          far(PORT_RESTRICTED, PORT_RESTRICTED)
              .client(Site.behind(PORT_RESTRICTED).below(CGN_BLOCK_PAIRED))
              .server(Site.behind(PORT_RESTRICTED).below(RFC5382))
              .mustConnect(Rung.EXTERNAL));

  private static Row row(NatKind client, Program program, String answer) {
    return row(client, NONE, program, answer);
  }

  private static Row row(NatKind client, NatKind server, Program program, String answer) {
    return row(Scenario.between(client, server), program, answer);
  }

  private static Row row(Scenario scenario, Program program, String answer) {
    return new Row(scenario.delayMillis(DELAY_MILLIS), program, answer);
  }

  private static Scenario shared(NatKind kind) {
    return Scenario.between(kind, kind).laidOut(Layout.SHARED);
  }

  private static Scenario hairpin(NatKind kind) {
    return Scenario.between(kind, kind).laidOut(Layout.SHARED_HAIRPIN);
  }

  private static Scenario forwarding(NatKind kind) {
    return Scenario.between(NONE, NONE).server(Site.behind(kind).forwarding(FORWARDED_PORT));
  }

  private static Scenario below(NatKind router, NatKind carrier) {
    return Scenario.between(router, PORT_RESTRICTED).client(Site.behind(router).below(carrier));
  }

  private static Scenario far(NatKind client, NatKind server) {
    return Scenario.between(client, server).over(path(0));
  }

  private static NetworkPath path(double lossPercent) {
    return new NetworkPath(Duration.ofMillis(25), lossPercent, 1);
  }
}
