package dev.sallyport.app.natreport;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.CarrierSign;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.NatName;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.UnsolicitedSyn;

/** What each finding means for somebody who has not read the RFCs: parts of sentences. */
final class NatMeaning {
  private NatMeaning() {}

  static String of(NatName name) {
    return switch (name) {
      case OPEN_INTERNET -> "no NAT and no firewall; anybody can reach this computer";
      case FULL_CONE -> "everybody sees the same port of yours, and anybody gets in";
      case RESTRICTED_CONE ->
          "everybody sees the same port of yours, but only those you sent something to get in";
      case PORT_RESTRICTED_CONE ->
          "everybody sees the same port of yours, but only those you sent something to get in,"
              + " and only from the port it went to";
      case SYMMETRIC ->
          "everybody sees another port of yours, so nobody can tell a friend where to find you";
      case SYMMETRIC_FIREWALL -> "no NAT, but only those you sent something to get in";
      case BLOCKED -> "nobody outside answers";
    };
  }

  /** What a game console makes of it, more or less. */
  static String onConsoles(NatName name) {
    return switch (name) {
      case OPEN_INTERNET, FULL_CONE -> "open";
      case RESTRICTED_CONE, PORT_RESTRICTED_CONE, SYMMETRIC_FIREWALL -> "moderate";
      case SYMMETRIC, BLOCKED -> "strict";
    };
  }

  static String ofMapping(Behavior mapping) {
    return switch (mapping) {
      case ENDPOINT_INDEPENDENT -> "one port for everybody";
      case ADDRESS_DEPENDENT -> "another port for each address outside";
      case ADDRESS_AND_PORT_DEPENDENT -> "another port for each address and port outside";
    };
  }

  static String ofFiltering(Behavior filtering) {
    return switch (filtering) {
      case ENDPOINT_INDEPENDENT -> "anybody gets in";
      case ADDRESS_DEPENDENT -> "only addresses that you sent something to get in";
      case ADDRESS_AND_PORT_DEPENDENT ->
          "only the very address and port that you sent something to gets in";
    };
  }

  static String word(PortAllocation allocation) {
    return switch (allocation) {
      case PortAllocation.Preserving preserving -> "preserving";
      case PortAllocation.Sequential sequential -> "sequential";
      case PortAllocation.Block block -> "block";
      case PortAllocation.Random random -> "random";
    };
  }

  static String of(PortAllocation allocation) {
    return switch (allocation) {
      case PortAllocation.Preserving preserving -> "the same port outside, while it is free";
      case PortAllocation.Sequential(int step) ->
          "each new port is the last one %s %d, so the next one can be foretold"
              .formatted(step < 0 ? "minus" : "plus", Math.abs(step));
      case PortAllocation.Block(int low, int high) ->
          "any port from about %d to %d, your share of a shared address".formatted(low, high);
      case PortAllocation.Random(int low, int high) ->
          "any port from about %d to %d, which nobody can foretell".formatted(low, high);
    };
  }

  static String of(UnsolicitedSyn answer) {
    return switch (answer) {
      case DROP -> "hear nothing: their SYN is dropped";
      case RESET -> "are refused at once, with a TCP reset";
      case ICMP -> "are refused at once, with an ICMP error";
      case HOLD -> "wait: their SYN is held for 6 s, in case you dial them (RFC 5382)";
    };
  }

  static String of(Hairpin hairpin) {
    return switch (hairpin) {
      case ARRIVES -> "works: in your own network you can be called by your outer address";
      case REFUSED -> "is refused: in your own network only your inner address works";
      case SILENT -> "does not work: in your own network only your inner address works";
    };
  }

  static String of(CarrierSign sign) {
    return switch (sign) {
      case HOST_ADDRESS_SHARED -> "this computer has an address that only providers give out";
      case EXTERNAL_ADDRESS_SHARED -> "your outer address is one that only providers' networks use";
      case EXTERNAL_ADDRESS_PRIVATE -> "some see a private address of yours, others a public one";
      case SEVERAL_ADDRESSES -> "you have several outer addresses";
      case TRANSPORTS_DISAGREE -> "TCP and UDP leave by different addresses";
      case PORT_BLOCK -> "your outer ports are one block, as providers share them out";
    };
  }
}
