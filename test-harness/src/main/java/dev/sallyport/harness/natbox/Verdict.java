package dev.sallyport.harness.natbox;

/** What a NAT does with a packet, and why. */
public enum Verdict {
  /** Goes out by a new mapping. */
  MAPPED("makes a new mapping"),
  /** Goes out by a mapping that was there. */
  REUSED("uses the mapping that is there"),
  /** Goes out by a mapping of its own, because another host has the one it should have had. */
  MAPPED_APART("makes a mapping of its own: the port is taken"),
  /** Goes in: the filter knows the sender. */
  ADMITTED("lets it in: it was sent to before"),
  /** Goes in: anyone may use this mapping. */
  ADMITTED_ANYONE("lets it in: this mapping is open to anyone"),
  /** Goes in: a rule forwards this port. */
  FORWARDED("lets it in: the port is forwarded"),
  /** Comes from inside and goes back in. */
  HAIRPINNED("turns it back in"),
  /** Comes from inside for the outer address, and the box does not turn packets back. */
  NOT_HAIRPINNED("drops it: does not turn packets back in"),
  /** Nobody has a mapping at this port. */
  NO_MAPPING("drops it: no mapping"),
  /** There is a mapping, but not for this sender. */
  FILTERED("drops it: its owner never sent there"),
  /** Not let in, and answered with a reset. */
  ANSWERED_RESET("answers with a reset: not asked for"),
  /** Not let in, and answered with an ICMP error. */
  ANSWERED_ICMP("answers with an ICMP error: not asked for"),
  /** A SYN that is not let in yet (RFC 5382 REQ-4). */
  HELD("holds it back for 6 s"),
  /** A SYN that was held, and nothing went out to meet it. */
  HELD_TOO_LONG("answers the SYN it held with an ICMP error"),
  /** A SYN that was held, and then one went out to meet it. */
  HELD_MET("drops the SYN it held: another one went out to meet it"),
  /** The second SYN of a simultaneous open, which this box does not know. */
  CROSSING_SYN("drops it: a SYN where it expects SYN+ACK"),
  /** Not what this connection can have at this point. */
  OUT_OF_STATE("drops it: does not fit the connection"),
  /** The connection was poisoned by an error. */
  POISONED("drops it: an error has spoilt this mapping"),
  /** Every port or every place is taken. */
  EXHAUSTED("drops it: no port or no place left"),
  /** An ICMP error about a packet of a mapping. */
  ERROR_PASSED("passes the error on"),
  /** An ICMP error about nothing that is known. */
  ERROR_DROPPED("drops the error: about nothing it knows");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /** For people, as what the box does: "drops it: no mapping". */
  public String words() {
    return words;
  }
}
