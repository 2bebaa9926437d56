package dev.sallyport.domain.nat;

/**
 * What a mapping or a filter depends on (RFC 4787 sections 4.1 and 5, RFC 5382 sections 4.1 and
 * 4.3). The order is from the easiest to the hardest to punch.
 */
public enum Behavior {
  /** The same whoever the remote is: "cone". */
  ENDPOINT_INDEPENDENT(1),
  /** One per remote address. */
  ADDRESS_DEPENDENT(2),
  /** One per remote address and port: "symmetric" when it is the mapping. */
  ADDRESS_AND_PORT_DEPENDENT(3);

  private final int code;

  Behavior(int code) {
    this.code = code;
  }

  /** The byte that stands for it in records and knocks. */
  int code() {
    return code;
  }

  /** The words of RFC 4787, in lower case with hyphens. */
  public String words() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
