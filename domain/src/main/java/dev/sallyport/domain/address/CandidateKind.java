package dev.sallyport.domain.address;

/** How a candidate was learnt (RFC 8445 section 5.1.1). The codes are part of the wire formats. */
public enum CandidateKind {
  /** An address of one of our own interfaces. */
  HOST(1),
  /** What others see our packets come from, outside all NATs: "server reflexive". */
  REFLEXIVE(2),
  /** What the user said others can dial: a port forward, {@code serve --advertise}. */
  ADVERTISED(3);

  private final int code;

  CandidateKind(int code) {
    this.code = code;
  }

  /** The byte that stands for it in records and knocks. */
  public int code() {
    return code;
  }
}
