package dev.sallyport.net.file;

import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Topic;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a file of ours. What it claims is believed only once the file was read, but for its
 * expiry: who could lie about that could as well delete the file.
 *
 * @param text the name itself
 * @param topic 64 hex digits
 * @param digest of the item, 32 hex digits
 * @param isPart whether it is still being written, or was left half-written
 */
record FileName(
    String text, String topic, Instant expires, String digest, Kind kind, boolean isPart) {
  /** How far clocks may be apart. */
  static final Duration TOLERANCE = Duration.ofMinutes(10);

  /** The longest that an item may stay: a record that nobody renews. */
  static final Duration RECORD_LIFETIME = Duration.ofHours(2);

  private static final int DIGEST_BYTES = 16;
  private static final Pattern PATTERN =
      Pattern.compile(
          "([0-9a-f]{64})\\.([0-9a-f]{12})\\.([0-9a-f]{32})\\.(record|knock)"
              + "(\\.[0-9a-f]{16}\\.part)?");

  /** The name of a file with this content. */
  static FileName of(Topic topic, FileItem content) {
    String text =
        String.format(
            Locale.ROOT,
            "%s.%012x.%s.%s",
            topic.key(),
            content.expires().toEpochMilli(),
            digest(content.item()),
            content.kind().suffix());
    return new FileName(
        text,
        topic.key().toString(),
        content.expires(),
        digest(content.item()),
        content.kind(),
        false);
  }

  /** What a name says; null if it is no name of ours. */
  static @Nullable FileName parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    return new FileName(
        text,
        matcher.group(1),
        Instant.ofEpochMilli(HexFormat.fromHexDigitsToLong(matcher.group(2))),
        matcher.group(3),
        matcher.group(4).equals("record") ? Kind.RECORD : Kind.KNOCK,
        matcher.group(5) != null);
  }

  boolean isOf(Topic wanted, Kind wantedKind) {
    return !isPart && kind == wantedKind && topic.equals(wanted.key().toString());
  }

  /** Whether it has expired by any clock, or claims to stay longer than anything may. */
  boolean isRubbish(Instant now) {
    return expires.isBefore(now.minus(TOLERANCE))
        || expires.isAfter(now.plus(RECORD_LIFETIME).plus(TOLERANCE));
  }

  private static String digest(SealedItem item) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(item.toByteArray());
      return HexFormat.of().formatHex(Arrays.copyOf(hash, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }
}
