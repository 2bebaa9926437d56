package dev.sallyport.domain.nat;

import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the NATs between a host and the Internet.
 *
 * <p>On the wire, in records and knocks, 15 bytes: for TCP mapping, UDP mapping, TCP filtering and
 * UDP filtering a byte of value (0 unknown, 1 to 3 as in {@link Behavior}) and a byte of
 * confidence; for the port allocation a byte of kind (0 unknown, 1 preserving, 2 sequential, 3
 * block, 4 random), two 16-bit parameters and a byte of confidence; then a byte whose low three
 * bits are the answer to unsolicited SYNs (0 unknown, 1 to 4 as in {@link UnsolicitedSyn}), bit 3
 * that a carrier-grade NAT is suspected, bit 4 that there is global IPv6; the confidence of the
 * answer is 100 if known, and it is written only if it is at least 50.
 *
 * @param carrierGradeSuspected whether more than one NAT seems to be in the way
 * @param globalIpv6 whether the host has a global IPv6 address
 */
public record NatProfile(
    Finding<Behavior> tcpMapping,
    Finding<Behavior> udpMapping,
    Finding<Behavior> tcpFiltering,
    Finding<Behavior> udpFiltering,
    Finding<PortAllocation> allocation,
    Finding<UnsolicitedSyn> unsolicitedSyn,
    boolean carrierGradeSuspected,
    boolean globalIpv6) {

  private static final NatProfile UNKNOWN =
      new NatProfile(
          Finding.unknown(),
          Finding.unknown(),
          Finding.unknown(),
          Finding.unknown(),
          Finding.unknown(),
          Finding.unknown(),
          false,
          false);

  /** Nothing known. */
  public static NatProfile unknown() {
    return UNKNOWN;
  }

  /**
   * Whether the other one says the same, be it with more confidence or another estimate of a range.
   */
  public boolean saysTheSame(NatProfile other) {
    return Objects.equals(tcpMapping.value(), other.tcpMapping.value())
        && Objects.equals(udpMapping.value(), other.udpMapping.value())
        && Objects.equals(tcpFiltering.value(), other.tcpFiltering.value())
        && Objects.equals(udpFiltering.value(), other.udpFiltering.value())
        && Objects.equals(kind(allocation.value()), kind(other.allocation.value()))
        && Objects.equals(unsolicitedSyn.value(), other.unsolicitedSyn.value())
        && carrierGradeSuspected == other.carrierGradeSuspected
        && globalIpv6 == other.globalIpv6;
  }

  private static @Nullable Object kind(@Nullable PortAllocation allocation) {
    return allocation == null || allocation instanceof PortAllocation.Sequential
        ? allocation
        : allocation.getClass();
  }

  public void write(ByteWriter out) {
    writeBehavior(out, tcpMapping);
    writeBehavior(out, udpMapping);
    writeBehavior(out, tcpFiltering);
    writeBehavior(out, udpFiltering);
    writeAllocation(out);
    // It is read as sure, so a guess is not written.
    UnsolicitedSyn answer =
        unsolicitedSyn.confidence() < Confidence.SURE ? null : unsolicitedSyn.value();
    out.u8(
        (answer == null ? 0 : answer.code())
            | (carrierGradeSuspected ? 8 : 0)
            | (globalIpv6 ? 16 : 0));
  }

  public static NatProfile read(ByteReader in) throws MalformedException {
    Finding<Behavior> tcpMapping = readBehavior(in);
    Finding<Behavior> udpMapping = readBehavior(in);
    Finding<Behavior> tcpFiltering = readBehavior(in);
    Finding<Behavior> udpFiltering = readBehavior(in);
    Finding<PortAllocation> allocation = readAllocation(in);
    int flags = in.u8();
    int answer = flags & 7;
    if (flags > 31) {
      throw new MalformedException("a NAT profile has the unknown flags " + flags);
    }
    return new NatProfile(
        tcpMapping,
        udpMapping,
        tcpFiltering,
        udpFiltering,
        allocation,
        answer == 0
            ? Finding.unknown()
            : Finding.of(byCode(UnsolicitedSyn.values(), UnsolicitedSyn::code, answer), 100),
        (flags & 8) != 0,
        (flags & 16) != 0);
  }

  private static void writeBehavior(ByteWriter out, Finding<Behavior> finding) {
    Behavior value = finding.value();
    out.u8(value == null ? 0 : value.code()).u8(finding.confidence());
  }

  private static Finding<Behavior> readBehavior(ByteReader in) throws MalformedException {
    int value = in.u8();
    int confidence = in.u8();
    return finding(
        value == 0 ? null : byCode(Behavior.values(), Behavior::code, value), confidence);
  }

  private void writeAllocation(ByteWriter out) {
    switch (allocation.value()) {
      case null -> out.u8(0).u16(0).u16(0);
      case PortAllocation.Preserving() -> out.u8(1).u16(0).u16(0);
      case PortAllocation.Sequential(int step) -> out.u8(2).u16(step & 0xffff).u16(0);
      case PortAllocation.Block(int low, int high) -> out.u8(3).u16(low).u16(high);
      case PortAllocation.Random(int low, int high) -> out.u8(4).u16(low).u16(high);
    }
    out.u8(allocation.confidence());
  }

  private static Finding<PortAllocation> readAllocation(ByteReader in) throws MalformedException {
    int kind = in.u8();
    int first = in.u16();
    int second = in.u16();
    int confidence = in.u8();
    // Parameters that a kind does not have are zero: there is one way to write a profile.
    int used = kind <= 1 ? 0 : kind == 2 ? 1 : 2;
    if ((used < 1 && first != 0) || (used < 2 && second != 0)) {
      throw new MalformedException("a port allocation " + kind + " has too many parameters");
    }
    try {
      return finding(
          switch (kind) {
            case 0 -> null;
            case 1 -> new PortAllocation.Preserving();
            case 2 -> new PortAllocation.Sequential((short) first);
            case 3 -> new PortAllocation.Block(first, second);
            case 4 -> new PortAllocation.Random(first, second);
            default -> throw new MalformedException("an unknown port allocation " + kind);
          },
          confidence);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a NAT profile has " + e.getMessage(), e);
    }
  }

  private static <T> T byCode(T[] values, ToIntFunction<T> codeOf, int code)
      throws MalformedException {
    for (T value : values) {
      if (codeOf.applyAsInt(value) == code) {
        return value;
      }
    }
    throw new MalformedException("a NAT profile has the unknown value " + code);
  }

  private static <T> Finding<T> finding(@Nullable T value, int confidence)
      throws MalformedException {
    if (confidence > 100 || (value == null) != (confidence == 0)) {
      throw new MalformedException("a NAT profile has the confidence " + confidence);
    }
    return new Finding<>(value, confidence);
  }
}
