package dev.sallyport.domain.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes IPv4 and IPv6 literals (RFC 4291 section 2.2); never asks a resolver. */
public final class IpLiteral {
  private IpLiteral() {}

  /** The address, or null if {@code text} is not an address literal. A scope id is not accepted. */
  public static @Nullable InetAddress parse(String text) {
    byte[] raw = text.indexOf(':') >= 0 ? v6(text) : v4(text);
    return raw == null ? null : of(raw);
  }

  /**
   * The address with these 4 or 16 bytes. An IPv4-mapped IPv6 address becomes its IPv4 address.
   *
   * @throws IllegalArgumentException for any other length
   */
  public static InetAddress of(byte[] raw) {
    try {
      return InetAddress.getByAddress(raw);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + raw.length, e);
    }
  }

  /** The canonical text of an address (RFC 5952), without a scope id: {@code 2001:db8::1}. */
  public static String format(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] raw = address.getAddress();
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (raw[2 * i] & 0xff) << 8 | (raw[2 * i + 1] & 0xff);
    }
    // The first of the longest runs of at least two zero groups becomes "::".
    int gap = -1;
    int gapLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > gapLength) {
        gap = i;
        gapLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == gap) {
        text.append("::");
        i += gapLength - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  private static byte @Nullable [] v4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] raw = new byte[4];
    for (int i = 0; i < 4; i++) {
      int value = number(parts[i], 10, 3, 255);
      if (value < 0 || (parts[i].length() > 1 && parts[i].charAt(0) == '0')) {
        return null;
      }
      raw[i] = (byte) value;
    }
    return raw;
  }

  private static byte @Nullable [] v6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return null;
    }
    List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
    List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2), true);
    if (head == null || tail == null) {
      return null;
    }
    int count = head.size() + tail.size();
    if (gap < 0 ? count != 8 : count > 7) {
      return null;
    }
    byte[] raw = new byte[16];
    for (int i = 0; i < head.size(); i++) {
      put(raw, i, head.get(i));
    }
    for (int i = 0; i < tail.size(); i++) {
      put(raw, 8 - tail.size() + i, tail.get(i));
    }
    return raw;
  }

  /** The 16-bit groups of one side of a "::"; the last may be a dotted IPv4 address. */
  private static @Nullable List<Integer> groups(String text, boolean mayEndInV4) {
    List<Integer> groups = new ArrayList<>();
    if (text.isEmpty()) {
      return groups;
    }
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      if (mayEndInV4 && i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
        byte[] v4 = v4(parts[i]);
        if (v4 == null) {
          return null;
        }
        groups.add((v4[0] & 0xff) << 8 | (v4[1] & 0xff));
        groups.add((v4[2] & 0xff) << 8 | (v4[3] & 0xff));
        continue;
      }
      int value = number(parts[i], 16, 4, 0xffff);
      if (value < 0) {
        return null;
      }
      groups.add(value);
    }
    return groups;
  }

  private static int number(String digits, int radix, int maxDigits, int max) {
    if (digits.isEmpty() || digits.length() > maxDigits) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value <= max ? value : -1;
  }

  private static void put(byte[] raw, int group, int value) {
    raw[2 * group] = (byte) (value >>> 8);
    raw[2 * group + 1] = (byte) value;
  }
}
