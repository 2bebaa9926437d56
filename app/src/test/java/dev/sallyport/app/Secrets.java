package dev.sallyport.app;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an onlooker must not find in what he sees: each thing as bytes and as text. */
public final class Secrets {
  private final Map<String, byte[]> patterns = new LinkedHashMap<>();

  /** Bytes, which may also show as hex digits. */
  public Secrets bytes(String name, byte[] raw) {
    String hex = HexFormat.of().formatHex(raw);
    patterns.put(name, raw.clone());
    patterns.put(name + " in hex", hex.getBytes(StandardCharsets.US_ASCII));
    patterns.put(
        name + " in HEX", hex.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  public Secrets text(String name, String text) {
    patterns.put(name, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** The names of what is in there. */
  public List<String> foundIn(byte[] seen) {
    List<String> found = new ArrayList<>();
    String all = new String(seen, StandardCharsets.ISO_8859_1);
    patterns.forEach(
        (name, pattern) -> {
          if (all.contains(new String(pattern, StandardCharsets.ISO_8859_1))) {
            found.add(name);
          }
        });
    return found;
  }
}
