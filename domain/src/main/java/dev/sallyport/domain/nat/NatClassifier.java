package dev.sallyport.domain.nat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Evidence in, diagnosis out: a pure function, from any thread. The order of the evidence does not
 * matter, and n pieces of it cost at most n log n, whoever sent them.
 *
 * <p><b>Who counts</b>
 *
 * <ol>
 *   <li>Of each local port and each observer's endpoint the latest view counts. Views of the two
 *       transports are kept apart, and only IPv4 is judged: IPv6 is hardly ever translated. What is
 *       too old to count is for the caller to say.
 *   <li>A <em>witness</em> counts once: a STUN server by its address, whatever its ports; DHT
 *       nodes, which anybody can run, by their /24 or /48.
 *   <li><em>Confidence</em>, in percent: one witness 40, two that agree 80, three 90, more 95, and
 *       of that (n - m) / n if m say otherwise. What rests on answers being different, which anyone
 *       can fake, is at most 80. Less than 50 is a guess and to be called one.
 * </ol>
 *
 * <b>Mapping</b> (RFC 4787 section 4.1 REQ-1, RFC 5382 section 4.1; the tests of RFC 5780 section
 * 4.3)
 *
 * <ol start="4">
 *   <li><em>Endpoint-independent</em>, if two witnesses or more looked at one local port and more
 *       than half of all views agree. Where any port has three witnesses, ports with fewer are left
 *       out. Whoever contradicts is outvoted, and is not asked about ports either.
 *   <li>Otherwise those addresses vote that looked at one local port with several ports of their
 *       own. More that saw different endpoints: <em>address-and-port-dependent</em>. More that saw
 *       the same, and another witness saw another: <em>address-dependent</em>, at most 60, since
 *       one liar of two could make it look so.
 *   <li>If no address looked with several ports, or as many say the one as the other, but views
 *       differ: the harder of the two, at 40.
 *   <li>One witness who always saw the same says nothing: the mapping stays unknown.
 *   <li>DHT nodes count only where fewer than two STUN servers can be compared, and only for UDP
 *       since they know nothing else. At most 60: nobody chose them.
 * </ol>
 *
 * <b>Port allocation</b>, over TCP (RFC 4787 section 4.2)
 *
 * <ol start="9">
 *   <li><em>Preserving</em>, if more than half of the witnesses saw most of their views with the
 *       local port.
 *   <li>Otherwise each witness with three different ports of one outer address, or as much of
 *       several, votes: <em>narrow</em> if they lie within 2048 ports, else wide. If none has seen
 *       so much, all together are one witness. Of the narrow ones those count that fit into one
 *       window of 2048 ports (of several the lowest), if they are more than half; otherwise the
 *       allocation stays unknown.
 *   <li>Narrow and <em>sequential</em>: most gaps are equal and the others multiples of them (up to
 *       256; up to 16 for less than six samples), or eight samples and more rise or fall steadily
 *       in time, also beyond the highest port to the lowest one. The times give the sign; if they
 *       do not, it is a guess. If there is no sequence, up to a minority of witnesses is left out
 *       to find one.
 *   <li>Narrow otherwise: a <em>block</em> (RFC 6888 REQ-4, RFC 7422), the smallest aligned one of
 *       512, 1024 or 2048 ports that holds all samples; of several outer addresses, that of the one
 *       that most saw. If there is none, or three samples fit only one of more than 512, it is a
 *       guess.
 *   <li>Wide: <em>random</em>, in a range that reaches beyond the samples by their average gap, as
 *       with the German tanks, within 1024 to 65535. For 11 to 13: at most 80, and of three samples
 *       at most 60.
 * </ol>
 *
 * <b>Addresses</b>
 *
 * <ol start="14">
 *   <li><em>External</em> is each address that more than half of the witnesses saw, over either
 *       transport; without any, each that two saw, or else each that was seen, as a guess; and all
 *       as a guess if most saw several themselves, but no two together. Several mean arbitrary
 *       pooling (RFC 4787 section 4.1, REQ-2). From two STUN servers on, DHT nodes do not count.
 *       There is a NAT if more than half of the witnesses saw an address that is not the host's
 *       own.
 *   <li>A second NAT is suspected by each {@link CarrierSign}; signs outside need a confidence of
 *       50.
 *   <li>Global IPv6: the host has such an address.
 * </ol>
 *
 * <b>Filtering</b> (RFC 4787 section 5 REQ-8, RFC 5382 section 4.3 REQ-3; the tests of RFC 5780
 * section 4.4), by {@link FilterProbe}
 *
 * <ol start="17">
 *   <li>An arrival is a fact, since we see it: 80, two addresses 95, or 60 if another address says
 *       that it failed.
 *   <li>A failure counts after three silent packets of one address, or after one that was refused.
 *       Each address is one witness.
 *   <li>In from another address: endpoint-independent. In from another port only:
 *       address-dependent. Neither: address-and-port-dependent. If one of the two was not tried,
 *       the harder that is possible, at 40.
 *   <li>The answer to an unsolicited SYN (RFC 5382 REQ-4) is what more than half of the probers
 *       heard. An ICMP error after 5 s and more is a SYN that was held; silence counts if it was
 *       waited for 7 s, for three packets. Where everybody gets in there is nothing to hear.
 * </ol>
 */
public final class NatClassifier {
  private NatClassifier() {}

  /**
   * What others get to know of the NATs in the way; what the observations do not say stays unknown.
   *
   * @param hostAddresses the host's own addresses
   */
  public static NatProfile classify(
      Collection<Observation> observations, Collection<InetAddress> hostAddresses) {
    return diagnose(observations, hostAddresses).profile();
  }

  /**
   * All that the evidence says.
   *
   * @param hostAddresses the host's own addresses
   */
  public static NatDiagnosis diagnose(
      Collection<? extends Evidence> evidence, Collection<InetAddress> hostAddresses) {
    List<Observation> observations = new ArrayList<>();
    List<FilterProbe> probes = new ArrayList<>();
    for (Evidence piece : evidence) {
      switch (piece) {
        case Observation observation -> observations.add(observation);
        case FilterProbe probe -> probes.add(probe);
      }
    }
    Views tcp = Views.of(observations, Transport.TCP);
    Views udp = Views.of(observations, Transport.UDP);
    MappingJudge.Judgement tcpMapping = MappingJudge.of(tcp);
    Finding<PortAllocation> allocation = AllocationJudge.of(tcp, tcpMapping);
    Finding<List<InetAddress>> external = AddressJudge.external(tcp, udp);
    Set<CarrierSign> signs = AddressJudge.carrierSigns(tcp, udp, allocation, hostAddresses);
    NatProfile profile =
        new NatProfile(
            tcpMapping.mapping(),
            MappingJudge.of(udp).mapping(),
            FilteringJudge.filtering(probes, Transport.TCP),
            FilteringJudge.filtering(probes, Transport.UDP),
            allocation,
            FilteringJudge.unsolicitedSyn(probes),
            !signs.isEmpty(),
            AddressJudge.hasGlobalIpv6(hostAddresses));
    return new NatDiagnosis(
        profile,
        external,
        AddressJudge.translated(hostAddresses, tcp, udp),
        signs,
        tcp.witnesses().size(),
        udp.witnesses().size());
  }
}
