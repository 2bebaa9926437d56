package dev.sallyport.harness.packet;

/** The ICMP errors that end a connect (RFC 792, RFC 1122 section 4.2.3.9). */
public enum IcmpError {
  /** Type 3, code 1: no such host there. */
  HOST_UNREACHABLE("host unreachable"),
  /** Type 3, code 3: nobody has that port. */
  PORT_UNREACHABLE("port unreachable"),
  /** Type 3, code 13: a filter says no. */
  PROHIBITED("administratively prohibited");

  private final String words;

  IcmpError(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
