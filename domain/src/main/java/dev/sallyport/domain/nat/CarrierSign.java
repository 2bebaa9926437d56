package dev.sallyport.domain.nat;

/** Why a second NAT, most often a carrier's, is suspected: rule 15 of {@link NatClassifier}. */
public enum CarrierSign {
  /** The host itself has an address of 100.64.0.0/10 (RFC 6598). */
  HOST_ADDRESS_SHARED,
  /** Others see an address of 100.64.0.0/10 that is not the host's: they are inside the carrier. */
  EXTERNAL_ADDRESS_SHARED,
  /**
   * Others see a private address that is not the host's, and yet others a global one: there is a
   * NAT on either side of it.
   */
  EXTERNAL_ADDRESS_PRIVATE,
  /** Several external addresses: a pool (RFC 4787 REQ-2, RFC 6888 REQ-2). */
  SEVERAL_ADDRESSES,
  /** TCP and UDP leave by different addresses. */
  TRANSPORTS_DISAGREE,
  /** The ports come out of one block (RFC 6888 section 4, RFC 7422). */
  PORT_BLOCK
}
