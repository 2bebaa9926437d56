package dev.sallyport.harness;

import dev.sallyport.harness.scenario.DhtSoftware;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that describe a network. */
final class ScenarioOptions {
  private static final int NO_PORT = 0;

  /** Which host has no network. */
  enum Role {
    CLIENT,
    SERVER
  }

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Option(
      names = "--client",
      required = true,
      paramLabel = "KIND",
      converter = KindConverter.class,
      description = "The NAT of the side that calls: ${COMPLETION-CANDIDATES}",
      completionCandidates = Kinds.class)
  private NatKind client = NatKind.NONE;

  @Option(
      names = "--server",
      required = true,
      paramLabel = "KIND",
      converter = KindConverter.class,
      description = "The NAT of the side that offers the service, likewise.")
  private NatKind server = NatKind.NONE;

  @Option(
      names = "--client-carrier",
      paramLabel = "KIND",
      converter = KindConverter.class,
      description = "The carrier-grade NAT above the client's router; none if left out.")
  private @Nullable NatKind clientCarrier;

  @Option(
      names = "--server-carrier",
      paramLabel = "KIND",
      converter = KindConverter.class,
      description = "Likewise above the server's router.")
  private @Nullable NatKind serverCarrier;

  @Option(
      names = "--same-carrier",
      description = "Both routers are below one carrier-grade NAT, of the kind given for both.")
  private boolean sameCarrier;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      defaultValue = "25",
      description = "One-way delay between the two hosts, half of it on each side; default 25.")
  private int delayMillis;

  @Option(
      names = "--loss",
      paramLabel = "PCT",
      defaultValue = "0",
      description = "How many of 100 one-way trips between the hosts are lost; default 0.")
  private double lossPercent;

  @Option(
      names = "--jitter",
      paramLabel = "MS",
      defaultValue = "0",
      description = "How much longer than the delay a trip may take; default 0.")
  private int jitterMillis;

  @Option(
      names = "--reorder",
      paramLabel = "PCT",
      defaultValue = "0",
      description = "How many of 100 packets let those after them pass; default 0.")
  private double reorderPercent;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed for what is left to chance on the way; default 1.")
  private long seed;

  @Option(names = "--same-network", description = "Both hosts are behind one router.")
  private boolean sameNetwork;

  @Option(
      names = "--hairpin",
      description = "With --same-network: the router sends packets for its outer address back in.")
  private boolean hairpin;

  @Option(names = "--same-addresses", description = "Both sites use the same private addresses.")
  private boolean sameAddresses;

  @Option(
      names = "--forward",
      paramLabel = "PORT",
      defaultValue = "" + NO_PORT,
      description = "The server's router forwards this TCP port; serve uses and advertises it.")
  private int forward;

  @Option(
      names = "--ipv6",
      paramLabel = "none|open|firewall",
      defaultValue = "none",
      converter = Ipv6Converter.class,
      description = {
        "What both sites have of IPv6, beside the NATs: none (default); open, global addresses for",
        "everybody to reach; firewall, only for whom they have asked, as in most homes."
      })
  private Ipv6 ipv6 = Ipv6.NONE;

  @Option(
      names = "--dht",
      paramLabel = "SOFTWARE",
      defaultValue = "mldht",
      converter = DhtConverter.class,
      description = "Whose nodes the DHT is made of: mldht (default, our own) or libtorrent.")
  private DhtSoftware dht = DhtSoftware.MLDHT;

  @Option(
      names = "--age",
      paramLabel = "S",
      defaultValue = "0",
      description = "How many seconds the service has waited when the first call comes; default 0.")
  private int ageSeconds;

  @Option(
      names = "--forget-after",
      paramLabel = "S",
      description = {
        "After how many seconds without a packet the server's NATs forget what they know, if not",
        "before: 10 is less than a service's keep-alive (20), 25 is more. Not on nft."
      })
  private @Nullable Integer forgetSeconds;

  @Option(names = "--no-stun", description = "Packets to the STUN servers vanish.")
  private boolean noStun;

  @Option(
      names = "--no-network",
      paramLabel = "client|server",
      converter = RoleConverter.class,
      description = "This host has its loopback device only.")
  private @Nullable Role noNetwork;

  /**
   * @throws ParameterException if the options contradict each other
   */
  Scenario scenario() {
    try {
      Site clientSite = site(client, clientCarrier);
      Site serverSite = site(server, serverCarrier);
      if (spec.commandLine().getParseResult().hasMatchedOption("--forward")) {
        serverSite = serverSite.forwarding(forward);
      }
      if (forgetSeconds != null) {
        serverSite = serverSite.remembering(Duration.ofSeconds(forgetSeconds));
      }
      return Scenario.between(client, server)
          .client(noNetwork == Role.CLIENT ? clientSite.offline() : clientSite)
          .server(noNetwork == Role.SERVER ? serverSite.offline() : serverSite)
          .ipv6(ipv6)
          .laidOut(layout())
          .over(
              new NetworkPath(Duration.ofMillis(delayMillis), lossPercent, seed)
                  .uneven(Duration.ofMillis(jitterMillis), reorderPercent))
          .dht(dht)
          .stun(!noStun)
          .aged(Duration.ofSeconds(ageSeconds));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "These options do not fit: " + e.getMessage());
    }
  }

  private static Site site(NatKind kind, @Nullable NatKind carrier) {
    Site site = Site.behind(kind);
    return carrier == null ? site : site.below(carrier);
  }

  private Layout layout() {
    if (hairpin && !sameNetwork) {
      throw new IllegalArgumentException("--hairpin needs --same-network");
    }
    if (sameAddresses && sameNetwork) {
      throw new IllegalArgumentException("--same-addresses and --same-network exclude each other");
    }
    if (sameCarrier && (sameNetwork || sameAddresses)) {
      throw new IllegalArgumentException(
          "--same-carrier and "
              + (sameNetwork ? "--same-network" : "--same-addresses")
              + " exclude each other");
    }
    if (sameNetwork && clientCarrier != serverCarrier) {
      throw new IllegalArgumentException(
          "with --same-network, --client-carrier and --server-carrier are the same");
    }
    if (sameCarrier) {
      return Layout.SAME_CARRIER;
    }
    if (sameNetwork) {
      return hairpin ? Layout.SHARED_HAIRPIN : Layout.SHARED;
    }
    return sameAddresses ? Layout.APART_SAME_ADDRESSES : Layout.APART;
  }

  /** The words for a kind of NAT, for help and completion. */
  static final class Kinds implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return java.util.Arrays.stream(NatKind.values()).map(NatKind::word).iterator();
    }
  }

  /** Reads a kind of NAT. */
  static final class KindConverter implements ITypeConverter<NatKind> {
    @Override
    public NatKind convert(String text) {
      try {
        return NatKind.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Reads whose nodes the DHT is made of. */
  static final class DhtConverter implements ITypeConverter<DhtSoftware> {
    @Override
    public DhtSoftware convert(String text) {
      try {
        return DhtSoftware.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Reads a kind of IPv6. */
  static final class Ipv6Converter implements ITypeConverter<Ipv6> {
    @Override
    public Ipv6 convert(String text) {
      try {
        return Ipv6.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Reads a role. */
  static final class RoleConverter implements ITypeConverter<Role> {
    @Override
    public Role convert(String text) {
      for (Role role : Role.values()) {
        if (role.name().toLowerCase(Locale.ROOT).equals(text)) {
          return role;
        }
      }
      throw new TypeConversionException("\"" + text + "\" is no side; expected client or server");
    }
  }
}
