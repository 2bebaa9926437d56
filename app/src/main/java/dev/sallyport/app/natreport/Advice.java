package dev.sallyport.app.natreport;

import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Transport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** What the user could do about it: the most useful first, one sentence each. */
final class Advice {
  private final Situation now;
  private final Prospects prospects;

  Advice(Situation now, Prospects prospects) {
    this.now = now;
    this.prospects = prospects;
  }

  List<String> sentences() {
    if (now.result().isUnanswered()) {
      return List.of(
          "is this computer online? does a page open in a browser?",
          "ask others with --stun HOST:PORT; some networks let only web traffic out, on port 443",
          "if it stays so, try another network, such as a phone's");
    }
    List<String> advice = new ArrayList<>();
    if (now.udpBlocked()) {
      advice.add(
          "the DHT needs UDP: let it out at the firewall, or find each other by a folder that both"
              + " sides see, --rendezvous file:/shared/folder");
    }
    if (prospects.leavesSomebodyOut() && !now.isUnknown()) {
      everybodyIn(advice);
    }
    toKnowMore(advice);
    if (advice.isEmpty()) {
      advice.add("nothing: just `sallyport serve`, or `sallyport connect ID`");
    }
    return advice;
  }

  /** For whom one's own NAT is in the way of: opening a door beats every trick. */
  private void everybodyIn(List<String> advice) {
    String address = outside();
    if (now.isUntranslated()) {
      advice.add(
          "to get through to everybody, let TCP to port 8765 in at your firewall, and"
              + " `sallyport serve --port 8765`");
      return;
    }
    if (now.profile().carrierGradeSuspected()) {
      advice.add(
          "a port forwarded by your own router will hardly help, as the provider's NAT comes after"
              + " it; ask for a public IPv4 address, or use IPv6 if both sides have it");
      advice.add("or let the peer forward a port: one open side is enough");
      return;
    }
    advice.add(
        "to get through to everybody, let your router forward TCP port 8765 to this computer, and"
            + " `sallyport serve --port 8765 --advertise "
            + address
            + ":8765`, provided that the router calls this address its own");
    Behavior mapping = Situation.sure(now.profile().tcpMapping());
    if (mapping != null && mapping != Behavior.ENDPOINT_INDEPENDENT) {
      advice.add(
          "or make your NAT a cone: some routers call it \"full cone\", \"endpoint-independent\" or"
              + " \"static port\"");
    } else {
      advice.add("or let the peer do so: one open side is enough");
    }
  }

  private String outside() {
    List<InetAddress> external = Situation.sure(now.diagnosis().externalAddresses());
    return external == null ? "ADDRESS" : IpLiteral.format(external.getFirst());
  }

  private void toKnowMore(List<String> advice) {
    if (now.tcpSilent()) {
      advice.add(
          "is TCP let out? ask observers that speak it, such as a `sallyport observe`:"
              + " --stun HOST:3478");
      return;
    }
    boolean dhtOnly =
        now.result().sources().stream().noneMatch(s -> s.kind() == Observation.Source.STUN);
    if (now.profile().tcpMapping().confidence() < Situation.SURE && !now.isUntranslated()) {
      advice.add(
          dhtOnly
              ? "to know your NAT's type, ask STUN servers, too: leave --no-stun out"
              : now.diagnosis().tcpWitnesses() < 2
                  ? "to know your NAT's type, ask two observers or more that speak TCP:"
                      + " --stun A:PORT --stun B:PORT"
                  : "to know your NAT's type, ask a `sallyport observe`, which looks from two ports:"
                      + " --stun HOST:3478");
    } else if (now.profile().tcpFiltering().confidence() < Situation.SURE) {
      advice.add(
          now.isTried(Transport.TCP)
              ? "to know who gets in, try --thorough: it takes more time over it"
              : "to know who gets in, let somebody without a NAT run `sallyport observe`, and give"
                  + " it: --stun HOST:3478");
    }
  }
}
