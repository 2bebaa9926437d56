package dev.sallyport.app.cli;

import dev.sallyport.app.natreport.PeerNat;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.ladder.Rung;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From what was typed to what is meant. Whatever cannot be meant is one sentence: what is wrong,
 * what is expected, an example.
 */
final class Arguments {
  private static final Duration MAX_TIMEOUT = Duration.ofHours(24);
  private static final int MAX_PLACES = 16;
  private static final int MAX_ADVERTISED = 4;
  private static final int NAME_LOOKUP_SECONDS = 5;

  private Arguments() {}

  static ServiceId id(String text) throws ProblemException {
    return meaning("", () -> ServiceId.parse(text));
  }

  static ServiceName name(String text) throws ProblemException {
    return meaning("--name: ", () -> new ServiceName(text));
  }

  /** A NAT by its name. */
  static PeerNat peerNat(String text) throws ProblemException {
    return meaning("--with: ", () -> PeerNat.named(text));
  }

  /** A port from 1 to 65535. */
  static int port(String text, String whenLeftOut) throws ProblemException {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65535) {
      throw ProblemException.usage(
          "--port: \""
              + text
              + "\" is not a port from 1 to 65535; expected for example --port 8765"
              + whenLeftOut);
    }
    return port;
  }

  static List<HostPort> places(String option, List<String> texts) throws ProblemException {
    if (texts.size() > MAX_PLACES) {
      throw ProblemException.usage(
          option + " is given " + texts.size() + " times, at most " + MAX_PLACES + " are useful");
    }
    List<HostPort> places = new ArrayList<>();
    for (String text : texts) {
      HostPort place = meaning(option + ": ", () -> HostPort.parse(text));
      if (!places.contains(place)) {
        places.add(place);
      }
    }
    return places;
  }

  /** Each a scheme and what it needs; which schemes there are is known where they are wired. */
  static List<String> rendezvous(List<String> texts) throws ProblemException {
    List<String> uris = new ArrayList<>();
    for (String text : texts) {
      String uri = text.strip();
      if (!uri.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
        throw ProblemException.usage(
            "--rendezvous: \""
                + text
                + "\" does not begin with a scheme; expected for example dht:");
      }
      uris.add(uri);
    }
    return uris;
  }

  static Path file(String option, String text) throws ProblemException {
    return file(option, "me.pem", text);
  }

  static Path file(String option, String example, String text) throws ProblemException {
    try {
      if (!text.isEmpty()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    throw ProblemException.usage(
        option
            + ": \""
            + text
            + "\" is no name of a file; expected for example "
            + option
            + " "
            + example);
  }

  /** A number and a unit: {@code 5000ms}, {@code 30s}, {@code 2m}, {@code 1h}. */
  static Duration timeout(String text) throws ProblemException {
    Matcher matcher = Pattern.compile("([0-9]{1,9})(ms|s|m|h)").matcher(text.strip());
    Duration timeout = Duration.ZERO;
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      timeout =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
          };
    }
    if (timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw ProblemException.usage(
          "--timeout: \""
              + text
              + "\" is not a time from 1ms to 24h; expected for example 30s, 5000ms or 2m");
    }
    return timeout;
  }

  /** The rungs to use, in their order. */
  static List<Rung> ladder(String text) throws ProblemException {
    List<Rung> rungs = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      Rung rung =
          Arrays.stream(Rung.values())
              .filter(r -> r.word().equalsIgnoreCase(word.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      ProblemException.usage(
                          "--ladder: \""
                              + word.strip()
                              + "\" is not a rung; expected some of external, local and direct,"
                              + " for example --ladder external,direct"));
      if (rungs.contains(rung)) {
        throw ProblemException.usage(
            "--ladder: "
                + rung.word()
                + " stands there twice; expected each rung at most once,"
                + " for example --ladder external,local,direct");
      }
      rungs.add(rung);
    }
    return rungs;
  }

  /** Local IPv4 addresses, separated by commas. */
  static List<InetAddress> bind(String text) throws ProblemException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      InetAddress address = IpLiteral.parse(part.strip());
      if (!(address instanceof Inet4Address)) {
        throw ProblemException.usage(
            "--bind: \""
                + part.strip()
                + "\" is not an IPv4 address; expected for example --bind 127.0.0.1,127.0.0.2");
      }
      if (!addresses.contains(address)) {
        addresses.add(address);
      }
    }
    return addresses;
  }

  /** Local addresses of either family, separated by commas. */
  static List<InetAddress> addresses(String text) throws ProblemException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      InetAddress address = IpLiteral.parse(part.strip());
      if (address == null) {
        throw ProblemException.usage(
            "--bind: \""
                + part.strip()
                + "\" is not an IP address; expected for example --bind 192.0.2.1,192.0.2.2");
      }
      addresses.add(address);
    }
    return addresses;
  }

  /** What others can dial; names are looked up, which may take seconds. */
  static List<Endpoint> advertised(List<String> texts)
      throws ProblemException, InterruptedException {
    List<HostPort> places = places("--advertise", texts);
    if (places.size() > MAX_ADVERTISED) {
      throw ProblemException.usage(
          "--advertise is given "
              + places.size()
              + " times, at most "
              + MAX_ADVERTISED
              + " fit into a record");
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (HostPort place : places) {
      InetAddress literal = IpLiteral.parse(place.host());
      InetAddress address = literal != null ? literal : lookUp(place.host());
      endpoints.add(dialable(new Endpoint(address, place.port())));
    }
    return endpoints;
  }

  private static Endpoint dialable(Endpoint endpoint) throws ProblemException {
    try {
      return new Candidate(CandidateKind.ADVERTISED, endpoint).endpoint();
    } catch (IllegalArgumentException e) {
      throw ProblemException.usage(
          "--advertise: nobody can dial "
              + endpoint
              + "; expected an address of one computer, for example --advertise 203.0.113.7:8765");
    }
  }

  private static InetAddress lookUp(String host) throws ProblemException, InterruptedException {
    // On a thread of its own: Java cannot interrupt a name lookup, and a resolver can hang.
    CompletableFuture<InetAddress> answer = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                answer.complete(InetAddress.getByName(host));
              } catch (UnknownHostException e) {
                answer.completeExceptionally(e);
              }
            },
            "name-lookup");
    thread.setDaemon(true);
    thread.start();
    try {
      return answer.get(NAME_LOOKUP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw ProblemException.local("--advertise: the name " + host + " is not known");
    } catch (TimeoutException e) {
      throw ProblemException.local(
          "--advertise: nobody says within " + NAME_LOOKUP_SECONDS + " s what " + host + " is");
    }
  }

  /** The domain says in one sentence what is wrong with a value; here it is said of which. */
  private static <T> T meaning(String prefix, Supplier<T> meaning) throws ProblemException {
    try {
      return meaning.get();
    } catch (IllegalArgumentException e) {
      throw ProblemException.usage(prefix + e.getMessage());
    }
  }
}
