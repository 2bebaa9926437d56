package dev.sallyport.domain.formats;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One test vector: a named section of a file under {@code vectors/}, with lines of {@code key =
 * value}. Lines that begin with # are comments.
 */
public final class Vector {
  private final String name;
  private final Map<String, String> fields = new HashMap<>();

  private Vector(String name) {
    this.name = name;
  }

  /** All vectors of a file. */
  public static List<Vector> in(String file) {
    List<Vector> vectors = new ArrayList<>();
    for (String line : read("/vectors/" + file).split("\n", -1)) {
      if (line.startsWith("[")) {
        vectors.add(new Vector(line.substring(1, line.length() - 1)));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split(" =", 2);
        vectors.get(vectors.size() - 1).fields.put(parts[0], parts[1].strip());
      }
    }
    return vectors;
  }

  /** One field of all vectors of a file. */
  static List<byte[]> hexesIn(String file, String key) {
    return in(file).stream().map(vector -> vector.hex(key)).toList();
  }

  public String text(String key) {
    String value = fields.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the vector [" + name + "] has no " + key);
    }
    return value;
  }

  public byte[] hex(String key) {
    return HexFormat.of().parseHex(text(key));
  }

  public int number(String key) {
    return Integer.parseInt(text(key));
  }

  public Secret32 secret(String key) {
    return Secret32.of(hex(key));
  }

  public PublicKey32 key(String key) {
    return PublicKey32.of(hex(key));
  }

  public Instant time(String key) {
    return Instant.parse(text(key));
  }

  public CallNonce callNonce() {
    return CallNonce.of(hex("callNonce"));
  }

  /** The keys of the id and day it names. */
  public DayKeys dayKeys(Sealer sealer) {
    return DayKeys.of(ServiceId.parse(text("id")), LocalDate.parse(text("day")), sealer);
  }

  public NatProfile natProfile() throws MalformedException {
    return NatProfile.read(new ByteReader(hex("natProfile"), "the vector"));
  }

  public List<Candidate> candidates() {
    return Arrays.stream(text("candidates").split(",", -1))
        .map(String::strip)
        .filter(candidate -> !candidate.isEmpty())
        .map(Vector::candidate)
        .toList();
  }

  public Strategy strategy() {
    String[] words = text("strategy").split(" ", -1);
    int[] numbers =
        Arrays.stream(words)
            .filter(w -> w.matches("-?[0-9]+"))
            .mapToInt(Integer::parseInt)
            .toArray();
    return switch (words[0]) {
      case "simultaneous-open" -> new Strategy.SimultaneousOpen();
      case "predicted" -> new Strategy.Predicted(numbers[0], numbers[1], numbers[2]);
      case "birthday" ->
          new Strategy.Birthday(
              words[1].equals("caller-is-hard"), numbers[0], numbers[1], numbers[2], numbers[3]);
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  /** Its name, as test reports show it. */
  @Override
  public String toString() {
    return name;
  }

  private static Candidate candidate(String text) {
    String[] words = text.split(" ", -1);
    return new Candidate(
        CandidateKind.valueOf(words[0].toUpperCase(Locale.ROOT)), Endpoint.parse(words[1]));
  }

  private static String read(String resource) {
    try (InputStream in = Vector.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
