package dev.sallyport.harness.natbox;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.UnsolicitedSyn;

/** Makes a {@link NatBehavior} from another one. For one thread, and one use. */
public final class NatBehaviorBuilder {
  private boolean translates;
  private Behavior tcpMapping;
  private Behavior tcpFiltering;
  private Behavior udpMapping;
  private Behavior udpFiltering;
  private PortChoice ports;
  private PortConflict conflict;
  private Pooling pooling;
  private int outerAddresses;
  private UnsolicitedSyn unsolicitedSyn;
  private ErrorEffect onReset;
  private ErrorEffect onIcmp;
  private boolean simultaneousOpen;
  private SequenceChecks checks;
  private NatTimers timers;
  private int halfOpenCap;
  private int sessionCap;
  private Hairpin hairpin;

  NatBehaviorBuilder(NatBehavior from) {
    translates = from.translates();
    tcpMapping = from.tcpMapping();
    tcpFiltering = from.tcpFiltering();
    udpMapping = from.udpMapping();
    udpFiltering = from.udpFiltering();
    ports = from.ports();
    conflict = from.conflict();
    pooling = from.pooling();
    outerAddresses = from.outerAddresses();
    unsolicitedSyn = from.unsolicitedSyn();
    onReset = from.onReset();
    onIcmp = from.onIcmp();
    simultaneousOpen = from.simultaneousOpen();
    checks = from.checks();
    timers = from.timers();
    halfOpenCap = from.halfOpenCap();
    sessionCap = from.sessionCap();
    hairpin = from.hairpin();
  }

  /** A firewall that leaves addresses and ports as they are. */
  public NatBehaviorBuilder withoutTranslation() {
    translates = false;
    return this;
  }

  /** For TCP and UDP. */
  public NatBehaviorBuilder mapping(Behavior both) {
    tcpMapping = both;
    udpMapping = both;
    return this;
  }

  public NatBehaviorBuilder mapping(Behavior tcp, Behavior udp) {
    tcpMapping = tcp;
    udpMapping = udp;
    return this;
  }

  /** For TCP and UDP. */
  public NatBehaviorBuilder filtering(Behavior both) {
    tcpFiltering = both;
    udpFiltering = both;
    return this;
  }

  public NatBehaviorBuilder filtering(Behavior tcp, Behavior udp) {
    tcpFiltering = tcp;
    udpFiltering = udp;
    return this;
  }

  public NatBehaviorBuilder ports(PortChoice other) {
    ports = other;
    return this;
  }

  public NatBehaviorBuilder conflict(PortConflict other) {
    conflict = other;
    return this;
  }

  /** How it shares out so many outer addresses. */
  public NatBehaviorBuilder pooling(Pooling other, int addresses) {
    pooling = other;
    outerAddresses = addresses;
    return this;
  }

  public NatBehaviorBuilder unsolicitedSyn(UnsolicitedSyn other) {
    unsolicitedSyn = other;
    return this;
  }

  public NatBehaviorBuilder onReset(ErrorEffect other) {
    onReset = other;
    return this;
  }

  public NatBehaviorBuilder onIcmp(ErrorEffect other) {
    onIcmp = other;
    return this;
  }

  /** A SYN where SYN+ACK is due does not come in. */
  public NatBehaviorBuilder withoutSimultaneousOpen() {
    simultaneousOpen = false;
    return this;
  }

  public NatBehaviorBuilder checks(SequenceChecks other) {
    checks = other;
    return this;
  }

  public NatBehaviorBuilder timers(NatTimers other) {
    timers = other;
    return this;
  }

  public NatBehaviorBuilder halfOpenCap(int other) {
    halfOpenCap = other;
    return this;
  }

  public NatBehaviorBuilder sessionCap(int other) {
    sessionCap = other;
    return this;
  }

  public NatBehaviorBuilder hairpin(Hairpin other) {
    hairpin = other;
    return this;
  }

  /**
   * @throws IllegalArgumentException if there can be no such NAT
   */
  public NatBehavior build() {
    return new NatBehavior(
        translates,
        tcpMapping,
        tcpFiltering,
        udpMapping,
        udpFiltering,
        ports,
        conflict,
        pooling,
        outerAddresses,
        unsolicitedSyn,
        onReset,
        onIcmp,
        simultaneousOpen,
        checks,
        timers,
        halfOpenCap,
        sessionCap,
        hairpin);
  }
}
