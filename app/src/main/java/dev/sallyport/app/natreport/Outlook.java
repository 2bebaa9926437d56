package dev.sallyport.app.natreport;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What will get through between us and one type of peer.
 *
 * @param peer those it may be behind, which are told as one
 * @param youCall what to expect when we call
 * @param theyCall the same when they do
 */
public record Outlook(Set<NatType> peer, Rates.Range youCall, Rates.Range theyCall) {
  /** Of 100 calls; a lost packet now and then is no matter of NATs. */
  private static final int WORKS = 90;

  private static final int HARDLY = 10;

  /** What we and a peer may be behind. */
  static Outlook of(Set<NatType> own, Set<NatType> peer, Rates rates) {
    return new Outlook(peer, rates.between(own, peer), rates.between(peer, own));
  }

  /** All types of peers, the easiest first. */
  static List<Outlook> all(Set<NatType> own, Rates rates) {
    List<Outlook> all = new ArrayList<>();
    for (NatType type : NatType.values()) {
      all.add(of(own, EnumSet.of(type), rates));
    }
    return all;
  }

  boolean works() {
    return youCall.least() >= WORKS && theyCall.least() >= WORKS;
  }

  boolean fails() {
    return youCall.most() <= HARDLY && theyCall.most() <= HARDLY;
  }
}
