package dev.sallyport.domain.nat;

/** The transport an observation was made over; a NAT may treat the two differently. */
public enum Transport {
  TCP,
  UDP
}
