package dev.sallyport.domain.address;

import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.util.ArrayList;
import java.util.List;

/**
 * One place where a peer says it may be reached over TCP. The address is always one that a single
 * computer can have, so a candidate from a stranger cannot aim us at a crowd. Loopback is for
 * {@code serve --advertise 127.0.0.1:PORT} only, to try things on one machine; a knock may not
 * carry it.
 */
public record Candidate(CandidateKind kind, Endpoint endpoint) {
  /** The most a record, a knock or a reply carries. */
  public static final int MAX_COUNT = 8;

  public Candidate {
    AddressScope scope = endpoint.scope();
    boolean ownMachine = scope == AddressScope.LOOPBACK && kind == CandidateKind.ADVERTISED;
    if (!scope.isRoutable() && !ownMachine) {
      throw new IllegalArgumentException(
          endpoint + " cannot be a candidate: its scope is " + scope);
    }
  }

  /**
   * Writes a count byte and, for each candidate, a byte that holds kind (high nibble) and family (4
   * or 6, low nibble), the address bytes and the port.
   */
  public static void write(ByteWriter out, List<Candidate> candidates) {
    if (candidates.size() > MAX_COUNT) {
      throw new IllegalArgumentException(
          "at most " + MAX_COUNT + " candidates, not " + candidates.size());
    }
    out.u8(candidates.size());
    for (Candidate candidate : candidates) {
      Endpoint endpoint = candidate.endpoint;
      out.u8(tag(candidate.kind, endpoint))
          .bytes(endpoint.address().getAddress())
          .u16(endpoint.port());
    }
  }

  /**
   * Reads what {@link #write} wrote; refuses every candidate that could not be made here, and every
   * other way to write one.
   */
  public static List<Candidate> read(ByteReader in) throws MalformedException {
    int count = in.u8();
    if (count > MAX_COUNT) {
      throw new MalformedException(
          count + " candidates where at most " + MAX_COUNT + " are allowed");
    }
    List<Candidate> candidates = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int tag = in.u8();
      CandidateKind kind = kind(tag >>> 4);
      int family = tag & 0x0f;
      if (family != 4 && family != 6) {
        throw new MalformedException("a candidate has the unknown address family " + family);
      }
      byte[] address = in.bytes(family == 4 ? 4 : 16);
      int port = in.u16();
      try {
        Endpoint endpoint = new Endpoint(IpLiteral.of(address), port);
        if (tag != tag(kind, endpoint)) {
          throw new MalformedException("a candidate has an IPv4 address dressed up as IPv6");
        }
        candidates.add(new Candidate(kind, endpoint));
      } catch (IllegalArgumentException e) {
        throw new MalformedException("a candidate is not usable: " + e.getMessage(), e);
      }
    }
    return List.copyOf(candidates);
  }

  private static int tag(CandidateKind kind, Endpoint endpoint) {
    return kind.code() << 4 | (endpoint.family() == AddressFamily.IPV4 ? 4 : 6);
  }

  private static CandidateKind kind(int code) throws MalformedException {
    for (CandidateKind kind : CandidateKind.values()) {
      if (kind.code() == code) {
        return kind;
      }
    }
    throw new MalformedException("a candidate has the unknown kind " + code);
  }
}
