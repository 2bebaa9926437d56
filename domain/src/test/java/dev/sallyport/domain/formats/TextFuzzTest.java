package dev.sallyport.domain.formats;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.IdentityPem;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.fuzz.DecoderFuzzing;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any text where people paste or type something, or a file holds it: a value that reads the same
 * when it is written, or the declared exception.
 */
class TextFuzzTest extends DecoderFuzzing {
  private static final String PEM = IdentityPem.encode(Samples.secret(7));
  private static final Secret32 SEED = Vector.in("identity.txt").getFirst().secret("seed");

  private static List<byte[]> ids() {
    String digits = "0123456789abcdef0123456789ABCDEF01234567";
    return utf8("Id(" + digits + ")", " \tid(" + digits + ")\n", digits);
  }

  @MethodSource("ids")
  @FuzzTest
  void serviceId(byte[] bytes) throws Exception {
    String text = new String(bytes, UTF_8);
    ServiceId id = decode(IllegalArgumentException.class, bytes, () -> ServiceId.parse(text));
    if (id != null) {
      assertThat(ServiceId.parse(id.toString())).isEqualTo(id);
      assertThat(text.strip()).containsIgnoringCase(HexFormat.of().formatHex(id.toByteArray()));
    }
  }

  private static List<byte[]> names() {
    return Stream.of("default", "gr\u00fc\u00df dich", "\ud83d\ude80".repeat(16))
        .map(name -> name.getBytes(UTF_16BE))
        .toList();
  }

  /** UTF-16 without a check of it, for a string in Java may hold half of a surrogate pair. */
  @MethodSource("names")
  @FuzzTest
  void serviceName(byte[] utf16) throws Exception {
    String text = ByteBuffer.wrap(utf16, 0, utf16.length & ~1).asCharBuffer().toString();
    ServiceName name = decode(IllegalArgumentException.class, utf16, () -> new ServiceName(text));
    if (name != null) {
      byte[] wire = new ByteWriter().shortText(name.value()).toByteArray();
      ByteReader in = new ByteReader(wire, "a name");
      assertThat(in.shortText(ServiceName.MAX_LENGTH)).isEqualTo(text);
      assertThat(new String(name.toByteArray(), UTF_8)).isEqualTo(text);
    }
  }

  private static List<byte[]> endpoints() {
    return utf8("192.0.2.1:80", "[2001:db8::1]:65535", "[::ffff:1.2.3.4]:1", " 0.0.0.0:09 ");
  }

  @MethodSource("endpoints")
  @FuzzTest
  void endpoint(byte[] bytes) throws Exception {
    String text = new String(bytes, UTF_8);
    Endpoint endpoint = decode(IllegalArgumentException.class, bytes, () -> Endpoint.parse(text));
    if (endpoint != null) {
      assertThat(Endpoint.parse(endpoint.toString())).isEqualTo(endpoint);
      assertThat(Endpoint.of(endpoint.toSocketAddress())).isEqualTo(endpoint);
    }
  }

  private static List<byte[]> hosts() {
    return utf8("router.example.org:6881", "[::1]:1", "192.0.2.1:443", "_a-b.c.:65535");
  }

  @MethodSource("hosts")
  @FuzzTest
  void hostPort(byte[] bytes) throws Exception {
    String text = new String(bytes, UTF_8);
    HostPort hostPort = decode(IllegalArgumentException.class, bytes, () -> HostPort.parse(text));
    if (hostPort != null) {
      assertThat(HostPort.parse(hostPort.toString())).isEqualTo(hostPort);
    }
  }

  private static List<byte[]> addresses() {
    return utf8(
        "1:2:3:4:5:6:7:8", "fe80::1:0:0:1", "1::1.2.3.4", "::", "::ffff:1.2.3.4", "255.255.255.0");
  }

  /** What it says agrees with the JDK's own reading and writing. */
  @MethodSource("addresses")
  @FuzzTest
  void ipLiteral(byte[] bytes) throws Exception {
    String text = new String(bytes, UTF_8);
    InetAddress address =
        decode(IllegalArgumentException.class, bytes, () -> IpLiteral.parse(text));
    if (address != null) {
      assertThat(IpLiteral.parse(IpLiteral.format(address))).isEqualTo(address);
      assertThat(IpLiteral.parse(address.getHostAddress())).isEqualTo(address);
      // In brackets the JDK never asks a resolver, should it take this for a name.
      assertThat(InetAddress.getByName(text.indexOf(':') < 0 ? text : "[" + text + "]"))
          .isEqualTo(address);
    }
  }

  private static List<byte[]> pems() {
    return utf8(PEM, "comment\n" + PEM.replace("\n", "\r\n"), PEM.replace("PRIVATE", "PUBLIC"));
  }

  /** No message says anything of the key. */
  @MethodSource("pems")
  @FuzzTest
  void identityPem(byte[] bytes) throws Exception {
    pem(bytes, new String(bytes, UTF_8));
  }

  private static List<byte[]> ders() {
    HexFormat hex = HexFormat.of();
    String seed = hex.formatHex(SEED.toByteArray());
    return List.of(
        hex.parseHex("302e020100300506032b657004220420" + seed),
        // With attributes and the public key behind it (RFC 5958), and lengths in their long form.
        hex.parseHex(
            "308153020101300506032b657004220420"
                + seed
                + "a00081210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"),
        hex.parseHex("302e020100300506032b656e04220420" + seed),
        hex.parseHex("300f020100300d06092a864886f70d0101010500"));
  }

  /** What is behind the base64. */
  @MethodSource("ders")
  @FuzzTest
  void identityDer(byte[] der) throws Exception {
    String body = Base64.getEncoder().encodeToString(der);
    pem(der, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
  }

  private void pem(byte[] bytes, String text) throws Exception {
    Secret32 seed =
        decode(
            MalformedException.class,
            bytes,
            () -> {
              try {
                return IdentityPem.decode(text);
              } catch (MalformedException e) {
                if (e.getCause() != null || !String.valueOf(e.getMessage()).startsWith("the id")) {
                  throw new AssertionError("it may repeat something of the key", e);
                }
                throw e;
              }
            });
    if (seed != null) {
      assertThat(IdentityPem.decode(IdentityPem.encode(seed))).isEqualTo(seed);
    }
  }

  private static List<byte[]> allowLists() {
    String key = Samples.CALLER.key().toString();
    return utf8(
        key,
        "\ufeff# friends\r\n\r\n"
            + key
            + "  Ada's laptop\r\n\t"
            + key.toUpperCase(Locale.ROOT)
            + "\tBob",
        Samples.STRANGER.key() + " x\n" + key + " y\n\n# z");
  }

  /** A list goes on to mean the same when a line is added; what is wrong is said in one line. */
  @MethodSource("allowLists")
  @FuzzTest
  void allowList(byte[] bytes) throws Exception {
    String text = new String(bytes, UTF_8);
    AllowList list =
        decode(
            MalformedException.class,
            bytes,
            () -> {
              try {
                return AllowList.parse(text);
              } catch (MalformedException e) {
                assertThat(e).message().hasSizeLessThan(300).doesNotContain("\n", "\r");
                throw e;
              }
            });
    if (list != null) {
      PublicKey32 added = Samples.SERVICE.key();
      AllowList more = AllowList.parse(text + "\n" + added + " one more\n");
      assertThat(list.isOpen()).isFalse();
      assertThat(more.allows(added)).isTrue();
      assertThat(more.size()).isEqualTo(list.size() + (list.allows(added) ? 0 : 1));
    }
  }

  private static List<byte[]> utf8(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(UTF_8)).toList();
  }
}
