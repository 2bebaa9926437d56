package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The values we store, in bencoding (BEP 3): a record is a byte string, a mailbox a list of entries
 * (see the package). Only the canonical encoding is read: what is decoded encodes to the same
 * bytes.
 */
final class ItemCodec {
  private static final int MAX_DIGITS = 12;

  private ItemCodec() {}

  static byte[] record(SealedItem item) {
    ByteWriter out = new ByteWriter();
    string(out, item);
    return out.toByteArray();
  }

  /**
   * @throws MalformedException unless {@code value} is one byte string of 1 to 996 bytes
   */
  static SealedItem readRecord(byte[] value) throws MalformedException {
    ByteReader in = reader(value, "record");
    SealedItem item = string(in, in.u8());
    in.end();
    return item;
  }

  /** May come out longer than an item can be: see {@link #fits}. */
  static byte[] mailbox(List<MailboxEntry> entries) {
    ByteWriter out = new ByteWriter().u8('l');
    for (MailboxEntry entry : entries) {
      out.u8('l');
      string(out, entry.item());
      out.bytes(ascii("i" + entry.expiresSeconds() + "e")).u8('e');
    }
    return out.u8('e').toByteArray();
  }

  /** Whether a value can be stored. */
  static boolean fits(byte[] value) {
    return value.length <= MutableItem.MAX_VALUE;
  }

  /**
   * @throws MalformedException unless {@code value} is a mailbox
   */
  static List<MailboxEntry> readMailbox(byte[] value) throws MalformedException {
    ByteReader in = reader(value, "mailbox");
    expect(in, in.u8(), 'l');
    List<MailboxEntry> entries = new ArrayList<>();
    for (int next = in.u8(); next != 'e'; next = in.u8()) {
      expect(in, next, 'l');
      SealedItem item = string(in, in.u8());
      expect(in, in.u8(), 'i');
      long expires = number(in, in.u8(), 'e');
      expect(in, in.u8(), 'e');
      entries.add(new MailboxEntry(item, expires));
    }
    in.end();
    return entries;
  }

  private static ByteReader reader(byte[] value, String what) throws MalformedException {
    if (!fits(value)) {
      throw new MalformedException(
          "a " + what + " of " + value.length + " bytes where at most 1000 are allowed");
    }
    return new ByteReader(value, what);
  }

  private static void string(ByteWriter out, SealedItem item) {
    out.bytes(ascii(item.length() + ":")).bytes(item.toByteArray());
  }

  private static SealedItem string(ByteReader in, int first) throws MalformedException {
    long length = number(in, first, ':');
    if (length < 1 || length > SealedItem.MAX_LENGTH) {
      throw new MalformedException("a sealed item of " + length + " bytes");
    }
    return SealedItem.of(in.bytes((int) length));
  }

  /** A decimal number without sign or leading zeros, whose first digit was read already. */
  private static long number(ByteReader in, int first, char end) throws MalformedException {
    long number = 0;
    int digits = 0;
    for (int next = first; next != end; next = in.u8()) {
      if (next < '0' || next > '9' || digits == MAX_DIGITS || (digits > 0 && number == 0)) {
        throw new MalformedException("not a number at byte " + in.position());
      }
      number = number * 10 + (next - '0');
      digits++;
    }
    if (digits == 0) {
      throw new MalformedException("no number at byte " + in.position());
    }
    return number;
  }

  private static void expect(ByteReader in, int got, char wanted) throws MalformedException {
    if (got != wanted) {
      throw new MalformedException(
          "'" + wanted + "' expected at byte " + in.position() + " of a mailbox");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
