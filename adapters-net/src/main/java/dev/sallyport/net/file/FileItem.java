package dev.sallyport.net.file;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.domain.wire.WireTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * What one file holds; the package says how it is written.
 *
 * @param sequence not negative; 0 for a knock
 * @param expires in whole milliseconds
 */
record FileItem(Kind kind, long sequence, Instant expires, SealedItem item) {
  private static final byte[] MAGIC = "sallyport".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTEXT = "sallyport/1 file\0".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;

  /** No file of ours is longer. */
  static final int MAX_BYTES =
      MAGIC.length + 1 + 1 + 8 + 6 + 2 + SealedItem.MAX_LENGTH + Sealer.SIGNATURE_LENGTH;

  FileItem {
    expires = WireTime.of(expires);
    if (sequence < 0 || (kind == Kind.KNOCK && sequence != 0)) {
      throw new IllegalArgumentException("a " + kind.suffix() + " with the sequence " + sequence);
    }
  }

  byte[] write(Slot slot, Sealer sealer) {
    ByteWriter out =
        new ByteWriter()
            .bytes(MAGIC)
            .u8(VERSION)
            .u8(kind.code())
            .i64(sequence)
            .time(expires)
            .u16(item.length())
            .bytes(item.toByteArray());
    return out.bytes(sealer.sign(slot.seed(), toSign(out.toByteArray()))).toByteArray();
  }

  /**
   * @throws MalformedException unless it is an item signed with the topic's key
   */
  static FileItem read(byte[] bytes, Topic topic, Sealer sealer) throws MalformedException {
    ByteReader in = new ByteReader(bytes, "the file");
    if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
      throw new MalformedException("the file is another program's");
    }
    in.version(VERSION);
    FileItem read = readFields(in);
    byte[] signed = Arrays.copyOf(bytes, in.position());
    byte[] signature = in.bytes(Sealer.SIGNATURE_LENGTH);
    in.end();
    if (!sealer.verify(topic.key(), toSign(signed), signature)) {
      throw new MalformedException("the file is not signed with its topic's key");
    }
    return read;
  }

  private static FileItem readFields(ByteReader in) throws MalformedException {
    Kind kind = Kind.of(in.u8());
    try {
      return new FileItem(kind, in.i64(), in.time(), SealedItem.of(in.bytes(in.u16())));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the file is not usable: " + e.getMessage(), e);
    }
  }

  private static byte[] toSign(byte[] fields) {
    return new ByteWriter().bytes(CONTEXT).bytes(fields).toByteArray();
  }
}
