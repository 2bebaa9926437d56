package dev.sallyport.harness.packet;

/** The control bits of a TCP segment that matter here (RFC 9293 section 3.1). */
public final class TcpFlags {
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int PSH = 0x08;
  public static final int ACK = 0x10;

  private TcpFlags() {}

  /** For people: {@code SYN+ACK}, or {@code data} for a segment with none but ACK and PSH. */
  public static String words(int flags) {
    if ((flags & RST) != 0) {
      return "RST";
    }
    String ack = (flags & ACK) != 0 ? "+ACK" : "";
    if ((flags & SYN) != 0) {
      return "SYN" + ack;
    }
    if ((flags & FIN) != 0) {
      return "FIN" + ack;
    }
    return (flags & PSH) != 0 ? "data" : "ACK";
  }
}
