package dev.sallyport.harness;

import dev.sallyport.harness.nft.NftFabric;
import dev.sallyport.harness.scenario.DhtSoftware;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a class of tests, loudly, where the lab cannot be built. Where {@code CI=true} it must be:
 * there the tests fail.
 */
public class LabNeeds implements BeforeAllCallback {
  private static final Scenario ANY = Scenario.between(NatKind.NONE, NatKind.NONE);

  private final Scenario scenario;

  /** For tests over a DHT of our own nodes. */
  public LabNeeds() {
    this(ANY);
  }

  private LabNeeds(Scenario scenario) {
    this.scenario = scenario;
  }

  /** The same for tests over a DHT of libtorrent's nodes. */
  public static final class WithLibtorrent extends LabNeeds {
    public WithLibtorrent() {
      super(ANY.dht(DhtSoftware.LIBTORRENT));
    }
  }

  /** The same for tests in a network that has IPv6. */
  public static final class WithIpv6 extends LabNeeds {
    public WithIpv6() {
      super(ANY.ipv6(Ipv6.OPEN));
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    String missing = new NftFabric().missing(scenario);
    if (missing != null) {
      skip(context, missing);
    }
  }

  /**
   * Skips the tests of this context, or fails them where {@code CI=true}.
   *
   * @param missing what they lack here, one sentence
   */
  public static void skip(ExtensionContext context, String missing) {
    String line = context.getDisplayName() + " cannot run here. " + missing;
    if ("true".equals(System.getenv("CI"))) {
      Assertions.fail(line);
    }
    String frame = "*".repeat(Math.min(100, line.length() + 11));
    System.err.println(frame + "\n* SKIPPED: " + line + "\n" + frame);
    Assumptions.abort(line);
  }
}
